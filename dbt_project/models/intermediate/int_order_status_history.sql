-- Each status of an order line that an export told of and the one before had not.
with told as (
    select
        order_lines.marketplace,
        order_lines.shop_id,
        order_lines.order_id,
        order_lines.order_date,
        order_lines.line_key,
        order_lines.status,
        order_lines.status_raw,
        order_lines.load_id,
        order_lines.submission_id,
        order_lines.source_sheet,
        order_lines.source_row,
        exports.exported_at,
        exports.export_number,
        row_number() over (
            partition by
                order_lines.order_id, order_lines.order_date, order_lines.shop_id, order_lines.marketplace,
                order_lines.line_key, exports.export_number
            order by order_lines.source_sheet, order_lines.source_row
        ) as line_ordinal
    from {{ ref('stg_ecommerce_sales__order_lines') }} as order_lines
    inner join {{ ref('int_order_exports') }} as exports on order_lines.load_id = exports.load_id
),

followed as (
    select
        *,
        lag(status) over (
            partition by order_id, order_date, shop_id, marketplace, line_key, line_ordinal
            order by export_number
        ) as previous_status
    from told
)

select
    marketplace,
    shop_id,
    order_id,
    order_date,
    line_key,
    line_ordinal,
    exported_at,
    previous_status,
    status,
    status_raw,
    load_id,
    submission_id,
    source_sheet,
    source_row
from followed
where status is distinct from previous_status
