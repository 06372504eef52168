-- Who is reminded of a month must still be able to give notice of a certificate that ends on its first day, a month on.
select
    {{ parameter('expiry_notice_days') }} as expiry_notice_days,
    {{ parameter('expiry_notice_least_days') }} as expiry_notice_least_days
from {{ ref('kpi_parameters') }}
where
    parameter = 'expiry_notice_days'
    and {{ parameter('expiry_notice_days') }} < {{ parameter('expiry_notice_least_days') }} + 31
