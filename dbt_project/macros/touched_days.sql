{#-
What of the orders has changed since a table was built, by shop and day: a night costs by its new files, not by the
history. A `ledger_table` with the config `touched` (which of its rows lie on such days) replaces these rows only; its
SQL narrows itself down to them by `when_touched`, and is otherwise the same as for everything anew.
-#}


{#- A condition on `touched_days` that holds only where a table is brought up to date. -#}
{% macro when_touched(condition) -%}
    /*when_touched {{ condition }} when_touched*/
{%- endmacro %}


{#-
Whether a row lies on such a day, in a table of orders or sales. Lists, not joins: they lead straight to the rows, by the
index on the day.
-#}
{% macro on_touched_days(rows='') -%}
    {{ rows }}order_date = any(array(select days.order_date from touched_days as days))
    and ({{ rows }}shop_id, {{ rows }}order_date) in (
        select days.shop_id, days.order_date from touched_days as days
    )
{%- endmacro %}


{#- The SQL of a model with its conditions on `touched_days` in force. -#}
{% macro touched_only(sql) -%}
    {{ return(sql | replace('/*when_touched ', '') | replace(' when_touched*/', '')) }}
{%- endmacro %}


{#-
Note the days that files taken in or back since a position speak of, the days of orders that returns tell of, and,
where the office's SKU table or product registry is a new one, the days of lines whose product it changes.
-#}
{% macro note_touched_days(lines, since) -%}
    insert into intermediate.order_day
    with changed as (
        select
            load.form,
            load.unit_code as shop_id,
            load.period_from,
            load.period_to,
            coalesce(load.rows_of, load.load_id) as load_id
        from ingest.load as load
        where
            load.form in ('order_lines', 'order_returns', 'sku_products', 'product_aliases')
            and (
                load.load_id > {{ since }}
                or load.closed_by > {{ since }}
                or load.submission_id in (
                    select withdrawal.submission_id from ingest.withdrawal where withdrawal.position > {{ since }}
                )
            )
    ),

    touched as (
        select
            changed.shop_id,
            days.day::date as order_date
        from changed
        cross join lateral generate_series(changed.period_from, changed.period_to - 1, interval '1 day') as days (day)
        where changed.form = 'order_lines'

        union

        select
            lines.shop_id,
            lines.order_date
        from changed
        inner join raw.order_returns as returns on changed.load_id = returns.load_id
        inner join {{ lines }} as lines on returns.order_id = lines.order_id and returns.shop_id = lines.shop_id
        where changed.form = 'order_returns'

        union

        select
            lines.shop_id,
            lines.order_date
        from {{ lines }} as lines
        left join intermediate.int_sku_products_latest as sku_products
            on
                lines.marketplace = sku_products.marketplace
                and lines.shop_id = sku_products.shop_id
                and lines.sku = sku_products.seller_sku
                and lines.order_date >= sku_products.valid_from
                and lines.order_date < sku_products.valid_to
        where
            exists (select from changed where changed.form in ('sku_products', 'product_aliases'))
            and lines.product_key is distinct from sku_products.product_key
    )

    select
        touched.shop_id,
        touched.order_date,
        current_build.ledger_position
    from touched
    cross join intermediate.current_build
    on conflict (shop_id, order_date) do update set ledger_position = excluded.ledger_position
{%- endmacro %}


{#- The days noted since a position, for the statements that follow. -#}
{% macro take_touched_days(since) -%}
    create temp table touched_days on commit drop as
    select
        shop_id,
        order_date,
        date_trunc('month', order_date::timestamp)::date as month_date
    from intermediate.order_day
    where ledger_position > {{ since }};
    analyze touched_days
{%- endmacro %}
