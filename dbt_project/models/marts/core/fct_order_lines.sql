{{ config(
    notes_touched_days=true,
    touched=on_touched_days()
) }}

-- An order of a day is told by the newest export that has it; equal items of one order are told apart by number.
with told as (
    select
        order_lines.*,
        exports.exported_at,
        exports.export_number,
        row_number() over (
            partition by
                order_lines.order_id, order_lines.order_date, order_lines.shop_id, order_lines.marketplace,
                order_lines.line_key, exports.export_number
            order by order_lines.source_sheet, order_lines.source_row
        ) as line_ordinal,
        max(exports.export_number) over (
            partition by order_lines.order_id, order_lines.order_date, order_lines.shop_id, order_lines.marketplace
        ) as order_export_number
    from {{ ref('stg_ecommerce_sales__order_lines') }} as order_lines
    inner join {{ ref('int_order_exports') }} as exports on order_lines.load_id = exports.load_id
    where
        true
        {{ when_touched("
        and order_lines.load_id = any(array(
            select days_exports.load_id
            from touched_days as days
            inner join " ~ ref('int_order_exports') ~ " as days_exports
                on
                    days.shop_id = days_exports.shop_id
                    and days.order_date >= days_exports.period_from
                    and days.order_date < days_exports.period_to
            where days_exports.form = 'order_lines'
        ))
        and " ~ on_touched_days('order_lines.')) }}
),

-- The newest export that has the line. Order numbers first: sorting by them is quicker, and leaves no order that
-- invites a merge join by shop.
newest as (
    select distinct on (order_id, order_date, shop_id, marketplace, line_key, line_ordinal)
        *,
        export_number = order_export_number as is_in_newest_order
    from told
    order by
        order_id asc, order_date asc, shop_id asc, marketplace asc, line_key asc, line_ordinal asc,
        export_number desc
),

-- The newest export of a shop that speaks of a day.
days as (
    select
        exports.shop_id,
        covered.covered_at::date as order_date,
        max(exports.export_number) as export_number
    from {{ ref('int_order_exports') }} as exports
    cross join
        lateral generate_series(exports.period_from, exports.period_to - 1, interval '1 day') as covered (covered_at)
    where
        exports.form = 'order_lines'
        {{ when_touched("and (exports.shop_id, covered.covered_at::date) in (
            select days.shop_id, days.order_date from touched_days as days
        )") }}
    group by exports.shop_id, covered.covered_at
),

-- What counts as sold. A line that its order, told anew, no longer has, does not; a whole return does only where it is
-- a line of its own day, hence negative.
counted as (
    select
        newest.*,
        coalesce(newest.seller_sku, newest.platform_sku_id, newest.product_name) as sku,
        coalesce(newest.export_number < days.export_number, false) as is_missing_in_newest,
        newest.is_in_newest_order
        and newest.status in ('delivered', 'completed', 'returned_part', 'returned_full') as is_sold,
        case
            when not newest.is_in_newest_order then 0
            when newest.status in ('delivered', 'completed', 'returned_part')
                then newest.quantity - coalesce(newest.returned_quantity, 0)
            when newest.status = 'returned_full' then least(newest.quantity, 0)
            else 0
        end as told_quantity,
        case
            when not newest.is_in_newest_order then 0
            when newest.status in ('delivered', 'completed', 'returned_part') then newest.net_vnd
            when newest.status = 'returned_full' then least(newest.net_vnd, 0)
            else 0
        end as told_vnd,
        case
            when not newest.is_in_newest_order then 0
            when newest.status = 'returned_full' then greatest(newest.quantity, 0)
            else coalesce(newest.returned_quantity, 0)
        end as told_returned_quantity,
        sum(newest.quantity) filter (where newest.is_in_newest_order) over (
            partition by newest.order_id, newest.order_date, newest.shop_id, newest.marketplace
        ) as order_quantity
    from newest
    left join days on newest.shop_id = days.shop_id and newest.order_date = days.order_date
),

-- Returns files say what came back of an item: what the order's own row has not said yet is taken from its lines, one
-- after the other, never more than was sold.
returned as (
    select
        counted.*,
        order_returns.refund_only_vnd,
        least(
            greatest(
                order_returns.returned_quantity
                - sum(counted.told_returned_quantity) over item
                - coalesce(sum(greatest(counted.told_quantity, 0)) over earlier, 0),
                0
            ),
            greatest(counted.told_quantity, 0)
        ) as more_returned_quantity
    from counted
    left join {{ ref('int_order_returns') }} as order_returns
        on
            counted.order_id = order_returns.order_id
            and counted.shop_id = order_returns.shop_id
            and counted.marketplace = order_returns.marketplace
            and counted.line_key = order_returns.line_key
    window
        item as (
            partition by
                counted.order_id, counted.order_date, counted.shop_id, counted.marketplace, counted.line_key
        ),
        earlier as (
            item order by counted.line_ordinal rows between unbounded preceding and 1 preceding
        )
),

priced as (
    select
        *,
        case
            when more_returned_quantity > 0
                then round(told_vnd * (told_quantity - more_returned_quantity) / told_quantity, 2)
            else told_vnd
        end as kept_vnd
    from returned
),

refunded as (
    select
        *,
        coalesce(
            least(
                greatest(
                    refund_only_vnd
                    - coalesce(
                        sum(greatest(kept_vnd, 0)) over (
                            partition by order_id, order_date, shop_id, marketplace, line_key
                            order by line_ordinal
                            rows between unbounded preceding and 1 preceding
                        ),
                        0
                    ),
                    0
                ),
                greatest(kept_vnd, 0)
            ),
            0
        ) as refunded_vnd
    from priced
)

select
    refunded.marketplace,
    refunded.shop_id,
    refunded.order_id,
    refunded.order_date,
    refunded.line_key,
    refunded.line_ordinal,
    refunded.ordered_at,
    refunded.completed_at,
    refunded.status,
    refunded.sku,
    refunded.seller_sku,
    sku_products.product_key,
    refunded.product_name,
    refunded.variation_name,
    refunded.quantity,
    refunded.returned_quantity,
    refunded.gross_vnd,
    refunded.seller_discount_vnd,
    refunded.platform_discount_vnd,
    refunded.net_vnd,
    coalesce(refunded.more_returned_quantity, 0) as more_returned_quantity,
    refunded.is_sold,
    refunded.told_quantity - coalesce(refunded.more_returned_quantity, 0) as sold_quantity,
    refunded.kept_vnd - refunded.refunded_vnd as sold_vnd,
    coalesce(refunded.order_quantity >= {{ parameter('bulk_order_items') }}, false) as is_bulk_order,
    refunded.is_missing_in_newest,
    refunded.exported_at,
    refunded.ship_province,
    refunded.load_id,
    refunded.submission_id,
    refunded.source_sheet,
    refunded.source_row
from refunded
left join {{ ref('int_sku_products_latest') }} as sku_products
    on
        refunded.marketplace = sku_products.marketplace
        and refunded.shop_id = sku_products.shop_id
        and refunded.sku = sku_products.seller_sku
        and refunded.order_date >= sku_products.valid_from
        and refunded.order_date < sku_products.valid_to
