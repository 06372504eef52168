-- A country's worth of reports, as they lie in raw: one temporary table `new_<form>` per form, with unit_code,
-- period_from and period_to before the form's own columns. `units` and `unit_map` hold the seeds, `size` the scale.
-- Nothing is random: the same size gives the same rows.

create function pg_temp.chance(seed bigint, salt bigint) returns double precision
language sql immutable
return (hashint8extended(seed, salt) & 2147483647) / 2147483648.0;

create temp table months as
select
    month_start::date as month_date,
    (month_start + interval '1 month')::date as month_to,
    row_number() over (order by month_start) as month_number
from size
cross join generate_series(
    size.last_month_end + 1 - make_interval(months => size.months), size.last_month_end::timestamp, interval '1 month'
) as month_start;

-- 148 communes of the first list of the programme's territories, each with what became of it; and the communes of the
-- merged province that lie outside them, which report from their first day on.
create temp table places as
select
    row_number() over (order by pg_temp.chance(first.unit_code::bigint, 1)) as place,
    first.territory_code,
    first.unit_code as code_of_2020,
    second.new_code as code_of_2025,
    third.new_code as code_now
from units as first
inner join unit_map as second on second.old_code = first.unit_code and second.old_valid_from = first.valid_from
inner join unit_map as third on third.old_code = second.new_code and third.old_valid_from = second.new_valid_from
where first.unit_kind = 'commune' and first.valid_from = '2020-03-01'
order by 1
limit 148;

create temp table reporters as
select
    places.place,
    places.territory_code,
    months.*,
    case
        when months.month_date >= '2025-07-01' then places.code_now
        when months.month_date >= '2025-01-01' then places.code_of_2025
        else places.code_of_2020
    end as unit_code
from places
cross join months
union all
select
    148 + row_number() over (partition by months.month_date order by units.unit_code) as place,
    null as territory_code,
    months.*,
    units.unit_code
from units
cross join months
where
    units.unit_kind = 'commune' and units.valid_from = '2025-07-01' and units.territory_code is null
    and months.month_date >= '2025-07-01';
create index on reporters (place, month_date);

-- 24 products of 25 lie in the programme. Each is certified, runs for 36 months, is renewed after 55: two of three
-- are valid at a time. Days are spread as widely as can be, which is the hardest case.
create temp table products as
with numbered as (
    select
        n,
        case when n % 25 = 0 then 149 + (n / 25) % 82 else 1 + (n - n / 25) % 148 end as place,
        pg_temp.chance(n, 2) as luck
    from size
    cross join generate_series(1, size.products) as n
)
select
    numbered.n,
    numbered.place,
    format(
        '25-%s-%s-%s-%s',
        coalesce(min(reporters.territory_code), '000'), (array_agg(reporters.unit_code order by reporters.month_date))[1],
        row_number() over (partition by numbered.place order by numbered.n),
        extract(year from (select min(month_date) from months))
    ) as product_code,
    format('E%s-%s', numbered.place, (numbered.n / 148) % 61) as entity_code,
    (array['I', 'II', 'III', 'IV', 'V', 'VI'])[1 + floor(6 * pg_temp.chance(numbered.n, 3) ^ 2)] as product_group,
    ((select min(month_date) from months) + floor(1643 * numbered.luck)::int) as first_date,
    round((5e6 + 45e6 * pg_temp.chance(numbered.n, 4))::numeric, -3) as base_vnd,
    1 + 0.4 * pg_temp.chance(numbered.n, 5) - 0.08 as growth,
    pg_temp.chance(numbered.n, 6) < 0.8 as tells_price
from numbered
inner join reporters on numbered.place = reporters.place
group by numbered.n, numbered.place, numbered.luck;

create temp table entities as
select
    entity_code,
    min(place) as place,
    row_number() over (order by entity_code) as e
from products
group by entity_code;

create temp table events as
with decisions as (
    select
        products.*,
        (first_date + make_interval(months => 55 * number))::date as event_date,
        number
    from products
    cross join generate_series(0, 3) as number
)
select n, place, 'register' as event_kind, null as stars, null::numeric as score, null as decision_number,
    (first_date - interval '5 months')::date as event_date
from products
union all
select n, place, case when number = 0 then 'new' else 'reassess' end,
    case when luck < 0.05 then '2' when luck < 0.8 then '3' when luck < 0.98 then '4' else '5' end,
    case when luck < 0.05 then 40 when luck < 0.8 then 62.5 when luck < 0.98 then 80 else 95 end,
    format('%s/QĐ-%s', n, number), event_date
from decisions
cross join lateral (select pg_temp.chance(n, 10 + number) as luck) as luck
union all
select n, place, 'revoke', null, null, format('%s/TH-%s', n, number), (event_date + interval '20 months')::date
from decisions
where pg_temp.chance(n, 20 + number) < 0.01;

-- An event is told in its month, and once more in each December's register.
create temp table new_product_events as
select
    reporters.unit_code, reporters.month_date as period_from, reporters.month_to as period_to,
    products.product_code, 'Sản phẩm ' || products.n as product_name, products.product_group,
    products.entity_code, reporters.unit_code as commune_code,
    events.event_kind, events.stars, events.score, events.decision_number,
    case when events.event_kind != 'register' then events.event_date end as decision_date
from events
inner join products on events.n = products.n
inner join reporters
    on
        events.place = reporters.place
        and events.event_date < reporters.month_to
        and (
            events.event_date >= reporters.month_date
            or extract(month from reporters.month_date) = 12
            or reporters.month_number = 1
        );

create temp table new_entities as
select
    reporters.unit_code, reporters.month_date as period_from, reporters.month_to as period_to,
    entities.entity_code, 'Chủ thể ' || entities.e as entity_name,
    (array['enterprise', 'cooperative', 'household_business'])[1 + entities.e % 3] as entity_type,
    reporters.unit_code as commune_code, entities.e % 5 = 0 as is_woman_led
from entities
inner join reporters on entities.place = reporters.place
where extract(month from reporters.month_date) = 12 or reporters.month_number = 1;

create temp table new_product_values as
select
    reporters.unit_code, reporters.month_date as period_from, reporters.month_to as period_to,
    products.product_code, 100 + products.n % 400 as quantity, 'kg' as quantity_unit,
    case when products.tells_price then round((50000 * growth.factor)::numeric, -2) end as mean_price_vnd,
    round(
        products.base_vnd * (growth.factor * (0.8 + 0.4 * pg_temp.chance(products.n, 1000 + month_number)))::numeric, -3
    ) as revenue_vnd
from products
inner join reporters on products.place = reporters.place
cross join lateral (
    select case when reporters.month_date > products.first_date then products.growth else 1 end as factor
) as growth
where pg_temp.chance(products.n, 2000 + month_number) < 0.97;

create temp table new_labour_reports as
select
    reporters.unit_code, (reporters.month_to - interval '3 months')::date as period_from,
    reporters.month_to as period_to,
    to_char(reporters.month_date, '"Q"Q/YYYY') as report_period, reporters.unit_code as commune_code,
    entities.entity_code, 'Chủ thể ' || entities.e as entity_name, 'cooperative' as entity_type,
    workers.regular + 4 as total_workers, workers.regular / 2 as female_workers, workers.regular as regular_workers,
    4 as seasonal_workers, workers.regular as local_workers, workers.regular / 3 as insured_workers,
    round((4e6 + 4e6 * pg_temp.chance(entities.e, 30))::numeric, -3) as mean_income_vnd,
    3500000 as lowest_income_vnd, 12000000 as highest_income_vnd
from entities
inner join reporters on entities.place = reporters.place
cross join lateral (select 2 + floor(30 * pg_temp.chance(entities.e, 3000 + month_number / 3))::int as regular) as workers
where
    extract(month from reporters.month_date) in (3, 6, 9, 12)
    and pg_temp.chance(entities.e, 4000 + month_number) < 0.9;

create temp table new_linkage_contracts as
select
    reporters.unit_code, reporters.month_date as period_from, reporters.month_to as period_to,
    products.product_code, 'Siêu thị ' || products.n % 50 as partner_name, 'offtake' as linkage_kind,
    format('HĐ-%s-%s', products.n, number) as contract_number,
    contracts.start_date, (contracts.start_date + interval '24 months')::date as end_date
from products
cross join generate_series(0, 3) as number
cross join lateral (
    select (products.first_date + make_interval(months => 30 * number))::date as start_date
) as contracts
inner join reporters
    on
        products.place = reporters.place
        and contracts.start_date < reporters.month_to
        and (contracts.start_date >= reporters.month_date or extract(month from reporters.month_date) = 12)
where pg_temp.chance(products.n, 40 + number) < 0.55;

create temp table new_sales_points as
select
    reporters.unit_code, reporters.month_date as period_from, reporters.month_to as period_to,
    format('D%s-%s', reporters.place, number) as sales_point_code, 'Điểm OCOP' as sales_point_name,
    reporters.unit_code as commune_code,
    (select min(month_date) from months) + (reporters.place * 17 + number * 400)::int as opened_date
from reporters
cross join generate_series(1, 2) as number
where extract(month from reporters.month_date) = 12;

create temp table new_promotion_events as
select
    reporters.unit_code, reporters.month_date as period_from, reporters.month_to as period_to,
    format('HC-%s-%s', to_char(reporters.month_date, 'YYYYMM'), reporters.place % 12) as event_code,
    'Hội chợ OCOP' as event_name, reporters.month_date + 9 as start_date, 5 + reporters.place % 20 as product_count,
    reporters.place % 3 as contract_count, 10000000 * (1 + reporters.place % 9) as sales_vnd
from reporters;

create temp table new_support_disbursements as
select
    reporters.unit_code, reporters.month_date as period_from, reporters.month_to as period_to,
    format('PC-%s-%s-%s', reporters.place, reporters.month_number, number) as voucher_number,
    (array['central_budget', 'province_budget', 'private'])[number] as funding_source,
    format('E%s-%s', reporters.place, number) as entity_code,
    1000000 * (5 + reporters.place % 40) as amount_vnd, reporters.month_date + 3 * number as disbursed_date
from reporters
cross join generate_series(1, 3) as number;

create temp table shops as
select shop_id, marketplace, row_number() over (order by shop_id) as s
from (values ('ocop_dat_to', 'shopee'), ('che_phu_tho', 'tiktok_shop'), ('mi_gao_hung_lo', 'lazada')) as known (
    shop_id, marketplace
);

create temp table new_sku_products as
select
    shops.shop_id as unit_code, null::date as period_from, null::date as period_to,
    shops.marketplace, shops.shop_id, format('SKU-%s', products.n) as seller_sku, products.product_code
from shops
inner join products on products.n % 20 < 3 and products.n % 3 + 1 = shops.s;

create temp table new_order_lines as
select
    shops.shop_id as unit_code, months.month_date as period_from, months.month_to as period_to,
    shops.marketplace, shops.shop_id, format('DH%s-%s', shops.s, line) as order_id, '1' as line_key,
    case when line % 20 = 0 then 'cancelled' when line % 33 = 0 then 'returned_full' else 'completed' end as status,
    format('SKU-%s', 1 + floor(size.products * pg_temp.chance(line, 50))::int) as seller_sku,
    'Hàng OCOP' as product_name, 1 + line % 3 as quantity, 0 as returned_quantity, 120000 as list_price_vnd,
    120000 * (1 + line % 3) as gross_vnd, 0 as seller_discount_vnd, 0 as platform_discount_vnd,
    120000 * (1 + line % 3) as net_vnd,
    months.month_date + make_interval(hours => (line % 660)::int) as ordered_at
from size
cross join generate_series(1, size.order_lines) as line
inner join months on months.month_number = size.months - line % 60
inner join shops on shops.s = 1 + (line / 60) % 3;
