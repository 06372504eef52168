-- A warehouse as the last version before revisions left it, after a night with four files, a withdrawal and a
-- publication: what pg_dump --inserts wrote of it, without its comments and all raw tables but the two that have rows.
CREATE SCHEMA ingest;
CREATE SCHEMA raw;
CREATE FUNCTION ingest.refuse_addition() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ begin
    if not exists (
        select from ingest.publication
        where publication_id = new.publication_id and xmin = pg_current_xact_id()::xid
    ) then
        raise exception 'ingest.% holds what was published: nothing is added to it later', tg_table_name;
    end if;
    return new;
end $$;
CREATE FUNCTION ingest.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ begin
    raise exception 'ingest.% holds what was published: it stays as it is', tg_table_name;
end $$;
CREATE TABLE ingest.correction (
    submission_id bigint NOT NULL,
    correction_id text NOT NULL,
    source_sheet text,
    source_row integer,
    found text,
    is_applied boolean NOT NULL
);
CREATE TABLE ingest.deployment (
    key text NOT NULL,
    value text NOT NULL
);
CREATE TABLE ingest.load (
    load_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    source text NOT NULL,
    form text NOT NULL,
    unit_code text NOT NULL,
    period_from date,
    period_to date,
    known_from timestamp with time zone NOT NULL,
    known_to timestamp with time zone,
    closed_by bigint,
    row_count integer NOT NULL,
    is_superseding boolean NOT NULL,
    rows_of bigint,
    CONSTRAINT load_check CHECK ((known_to > known_from))
);
CREATE TABLE ingest.withdrawal (
    submission_id bigint NOT NULL,
    "position" bigint NOT NULL,
    withdrawn_at timestamp with time zone NOT NULL,
    withdrawn_by text DEFAULT SESSION_USER NOT NULL,
    reason text NOT NULL,
    CONSTRAINT withdrawal_reason_check CHECK ((TRIM(BOTH FROM reason) <> ''::text))
);
CREATE VIEW ingest.ledger_position AS
 SELECT GREATEST(( SELECT max(load.load_id) AS max
           FROM ingest.load
          WHERE (load.known_from <= COALESCE((NULLIF(current_setting('ocop.known_at'::text, true), ''::text))::timestamp with time zone, 'infinity'::timestamp with time zone))), ( SELECT max(withdrawal."position") AS max
           FROM ingest.withdrawal
          WHERE (withdrawal.withdrawn_at <= COALESCE((NULLIF(current_setting('ocop.known_at'::text, true), ''::text))::timestamp with time zone, 'infinity'::timestamp with time zone))), (0)::bigint) AS "position";
CREATE VIEW ingest.load_at AS
 SELECT COALESCE(rows_of, load_id) AS load_id,
    submission_id,
    source,
    form,
    unit_code,
    period_from,
    period_to,
        CASE
            WHEN (rows_of IS NULL) THEN known_from
            ELSE ( SELECT first_time.known_from
               FROM ingest.load first_time
              WHERE (first_time.load_id = load.rows_of))
        END AS known_from,
    known_to,
    closed_by,
    row_count,
    is_superseding
   FROM ingest.load
  WHERE ((known_from <= COALESCE((NULLIF(current_setting('ocop.known_at'::text, true), ''::text))::timestamp with time zone, 'infinity'::timestamp with time zone)) AND ((known_to IS NULL) OR (known_to > COALESCE((NULLIF(current_setting('ocop.known_at'::text, true), ''::text))::timestamp with time zone, 'infinity'::timestamp with time zone))));
CREATE TABLE ingest.quarantine (
    submission_id bigint NOT NULL,
    form text NOT NULL,
    source_sheet text NOT NULL,
    source_row integer NOT NULL,
    rules text[] NOT NULL,
    reasons_vi text NOT NULL,
    reasons_en text NOT NULL,
    cells jsonb NOT NULL,
    blamed jsonb DEFAULT '[]'::jsonb NOT NULL
);
CREATE TABLE ingest.submission (
    submission_id bigint NOT NULL,
    source text NOT NULL,
    file_name text NOT NULL,
    inbox_path text NOT NULL,
    sha256 text NOT NULL,
    size_bytes bigint NOT NULL,
    unit_code text,
    period_label text,
    period_from date,
    period_to date,
    received_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    rows_read integer NOT NULL,
    rows_accepted integer NOT NULL,
    rows_rejected integer NOT NULL,
    run_id text NOT NULL,
    rule text,
    place text,
    reason_vi text,
    reason_en text,
    duplicate_of bigint,
    archive_path text,
    arrived_at timestamp with time zone,
    modified_at timestamp with time zone,
    replay_of bigint,
    exported_at timestamp with time zone,
    CONSTRAINT submission_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'accepted_with_rejections'::text, 'rejected'::text, 'duplicate'::text])))
);
CREATE VIEW ingest.open_return AS
 WITH rejected AS (
         SELECT s.submission_id,
            s.source
           FROM ingest.submission s
          WHERE ((s.outcome = 'rejected'::text) AND (NOT (EXISTS ( SELECT
                   FROM ingest.submission later
                  WHERE ((later.source = s.source) AND (later.submission_id > s.submission_id) AND (NOT (later.submission_id IN ( SELECT withdrawal.submission_id
                           FROM ingest.withdrawal))) AND ((later.sha256 = s.sha256) OR ((later.outcome = ANY (ARRAY['accepted'::text, 'accepted_with_rejections'::text])) AND ((later.inbox_path = s.inbox_path) OR (later.file_name ~~ (('tra-lai-'::text || s.submission_id) || '-%'::text)) OR ((later.unit_code = s.unit_code) AND (later.period_from = s.period_from) AND (later.period_to = s.period_to))))))))))
        )
 SELECT rejected.submission_id,
    rejected.source,
    NULL::text AS form,
    NULL::text AS source_sheet,
    NULL::integer AS source_row
   FROM rejected
UNION ALL
 SELECT r.submission_id,
    r.source,
    q.form,
    q.source_sheet,
    q.source_row
   FROM (rejected r
     JOIN ingest.quarantine q USING (submission_id))
UNION ALL
 SELECT s.submission_id,
    s.source,
    q.form,
    q.source_sheet,
    q.source_row
   FROM (ingest.quarantine q
     JOIN ingest.submission s USING (submission_id))
  WHERE ((s.outcome <> 'rejected'::text) AND (NOT (q.submission_id IN ( SELECT withdrawal.submission_id
           FROM ingest.withdrawal))) AND (NOT (EXISTS ( SELECT
           FROM (ingest.load later
             JOIN ingest.submission sent USING (submission_id))
          WHERE ((later.submission_id > q.submission_id) AND (later.form = q.form) AND (NOT (later.submission_id IN ( SELECT withdrawal.submission_id
                   FROM ingest.withdrawal))) AND (later.unit_code = s.unit_code) AND (sent.period_from = s.period_from) AND (sent.period_to = s.period_to))))) AND (NOT (EXISTS ( SELECT
           FROM ingest.submission later
          WHERE ((later.source = s.source) AND (later.submission_id > s.submission_id) AND (NOT (later.submission_id IN ( SELECT withdrawal.submission_id
                   FROM ingest.withdrawal))) AND (later.inbox_path = s.inbox_path) AND (later.unit_code = s.unit_code) AND (later.period_from = s.period_from) AND (later.period_to = s.period_to) AND ((EXISTS ( SELECT
                   FROM ingest.load l
                  WHERE ((l.submission_id = later.submission_id) AND (l.form = q.form)))) OR (EXISTS ( SELECT
                   FROM ingest.quarantine a
                  WHERE ((a.submission_id = later.submission_id) AND (a.form = q.form))))))))) AND (NOT ((s.source, s.submission_id) IN ( SELECT later.source,
            ("substring"(later.file_name, '^tra-lai-([0-9]{1,18})-'::text))::bigint AS "substring"
           FROM ingest.submission later
          WHERE ((later.file_name ~ '^tra-lai-[0-9]{1,18}-'::text) AND (later.outcome = ANY (ARRAY['accepted'::text, 'accepted_with_rejections'::text])) AND (NOT (later.submission_id IN ( SELECT withdrawal.submission_id
                   FROM ingest.withdrawal))))))));
CREATE TABLE ingest.publication (
    publication_id bigint NOT NULL,
    as_of_date date NOT NULL,
    published_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    known_at timestamp with time zone NOT NULL,
    ledger_position bigint NOT NULL,
    project_fingerprint text NOT NULL,
    note text
);
ALTER TABLE ingest.publication ALTER COLUMN publication_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME ingest.publication_publication_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE ingest.published_contribution (
    publication_id bigint NOT NULL,
    kpi_code text NOT NULL,
    unit_code text NOT NULL,
    variant text NOT NULL,
    submission_id bigint,
    numerator numeric,
    denominator numeric
);
CREATE TABLE ingest.published_definition (
    publication_id bigint NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    definition jsonb NOT NULL
);
CREATE TABLE ingest.published_figure (
    publication_id bigint NOT NULL,
    kpi_code text NOT NULL,
    unit_code text NOT NULL,
    variant text NOT NULL,
    breakdown text NOT NULL,
    member text NOT NULL,
    kpi_sort_order integer,
    kpi_name_vi text,
    kpi_name_en text,
    unit_name text,
    unit_sort_order integer,
    unit_generation_date date,
    value numeric,
    numerator numeric,
    denominator numeric,
    measure_unit text,
    target_version text,
    comparison text,
    target_value numeric,
    target_upper_value numeric,
    baseline_value numeric,
    baseline_date date,
    target_date date,
    target_rule text,
    gap numeric,
    shortfall_count numeric,
    progress_share numeric,
    required_per_month numeric,
    forecast_value numeric,
    forecast_low numeric,
    forecast_high numeric,
    forecast_method text,
    forecast_point_count bigint,
    status text,
    is_above_band boolean,
    has_series_break boolean,
    completeness numeric,
    is_suppressed boolean,
    row_count bigint,
    submission_count bigint,
    definition_version integer,
    build_id bigint
);
CREATE TABLE ingest.repair (
    submission_id bigint NOT NULL,
    form text NOT NULL,
    source_sheet text NOT NULL,
    source_row integer NOT NULL,
    column_name text NOT NULL,
    said text NOT NULL,
    read text NOT NULL,
    rule text NOT NULL
);
CREATE VIEW ingest.submission_state AS
 WITH loads AS (
         SELECT load.submission_id,
            count(*) FILTER (WHERE (load.rows_of IS NULL)) AS brought_count,
            count(*) FILTER (WHERE (load.known_to IS NULL)) AS current_count,
            max(load.known_to) AS last_closed_at,
            max(load.closed_by) AS last_closed_by
           FROM ingest.load
          GROUP BY load.submission_id
        ), replays AS (
         SELECT submission.replay_of AS submission_id,
            max(submission.submission_id) AS replayed_by
           FROM ingest.submission
          WHERE ((submission.replay_of IS NOT NULL) AND (NOT (submission.submission_id IN ( SELECT withdrawal.submission_id
                   FROM ingest.withdrawal))))
          GROUP BY submission.replay_of
        )
 SELECT s.submission_id,
        CASE
            WHEN (w.submission_id IS NOT NULL) THEN 'withdrawn'::text
            WHEN ((l.brought_count > 0) AND (l.current_count = 0)) THEN 'superseded'::text
            WHEN ((l.brought_count IS NULL) AND (r.replayed_by IS NOT NULL)) THEN 'superseded'::text
            ELSE s.outcome
        END AS state,
        CASE
            WHEN (w.submission_id IS NOT NULL) THEN NULL::bigint
            WHEN ((l.brought_count > 0) AND (l.current_count = 0)) THEN closing.submission_id
            WHEN (l.brought_count IS NULL) THEN r.replayed_by
            ELSE NULL::bigint
        END AS superseded_by,
    w.withdrawn_at,
    w.reason AS withdrawal_reason,
        CASE
            WHEN (w.submission_id IS NOT NULL) THEN w.withdrawn_at
            WHEN (l.current_count < l.brought_count) THEN l.last_closed_at
            ELSE NULL::timestamp with time zone
        END AS counted_until
   FROM ((((ingest.submission s
     LEFT JOIN loads l ON ((l.submission_id = s.submission_id)))
     LEFT JOIN ingest.load closing ON ((closing.load_id = l.last_closed_by)))
     LEFT JOIN replays r ON ((r.submission_id = s.submission_id)))
     LEFT JOIN ingest.withdrawal w ON ((w.submission_id = s.submission_id)));
CREATE TABLE raw.product_events (
    load_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    source_sheet text NOT NULL,
    source_row integer NOT NULL,
    product_code text,
    product_name text,
    product_group text,
    entity_code text,
    entity_name text,
    commune_code text,
    event_kind text,
    stars text,
    score numeric,
    decision_number text,
    decision_date date,
    expiry_date date
);
CREATE TABLE raw.sales_points (
    load_id bigint NOT NULL,
    submission_id bigint NOT NULL,
    source_sheet text NOT NULL,
    source_row integer NOT NULL,
    sales_point_code text,
    sales_point_name text,
    address text,
    commune_code text,
    managed_by text,
    opened_date date,
    stopped_date date
);
INSERT INTO ingest.deployment VALUES ('schema', '8a7914ddb2ee67042a6ca2c74008d947a9dcf66addf1936b9a8f434a01ae8731');
INSERT INTO ingest.load VALUES (1, 1, 'district_submissions', 'product_events', '231', '2022-01-01', '2023-01-01', '2025-11-28 21:18:43.968756+07', NULL, NULL, 1, true, NULL);
INSERT INTO ingest.load VALUES (3, 3, 'district_submissions', 'sales_points', '231', '2023-06-01', '2023-07-01', '2025-11-28 21:18:43.998268+07', NULL, NULL, 2, true, NULL);
INSERT INTO ingest.load VALUES (2, 2, 'district_submissions', 'sales_points', '231', '2023-05-01', '2023-06-01', '2025-11-28 21:18:43.9865+07', '2025-11-28 21:18:44.051665+07', NULL, 1, true, NULL);
INSERT INTO ingest.publication OVERRIDING SYSTEM VALUE VALUES (1, '2023-06-30', '2025-11-28 21:18:44.06226+07', '2025-11-28 21:18:44.06202+07', 3, 'abc', NULL);
INSERT INTO ingest.published_figure VALUES (1, 'units_with_sales_point', '231', '', '', '', NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO ingest.quarantine VALUES (1, 'product_events', 'product_events_2022.csv', 3, '{stars_unknown}', '“Hạng sao”: không nhận ra “7 sao”. Chỉ dùng: 1, 2, 3, 4, 5, tiềm năng 5 sao.', '“Hạng sao”: “7 sao” is not one of: 1, 2, 3, 4, 5, tiềm năng 5 sao.', '{"Xã": "Xã Đại Phạm", "Nhóm": "I", "Điểm": null, "Hạng sao": "7 sao", "Mã chủ thể": "HTX-A", "Mã sản phẩm": "B", "Tên chủ thể": null, "Ngày hết hạn": null, "Tên sản phẩm": "Chè xanh", "Loại sự kiện": "mới", "Số quyết định": "12/QĐ-UBND", "Ngày quyết định": "01/06/2022"}', '[{"heading": "Hạng sao", "reason_vi": "“Hạng sao”: không nhận ra “7 sao”. Chỉ dùng: 1, 2, 3, 4, 5, tiềm năng 5 sao.", "sheet_column": 8}]');
INSERT INTO ingest.submission VALUES (1, 'district_submissions', 'product_events_2022.csv', 'district_submissions/231/product_events_2022.csv', 'bd8b78c3e6fb780fe4db795ed44738efda714811c7a1d1c03f065c7083abcc71', 332, '231', '2022', '2022-01-01', '2023-01-01', '2025-11-28 21:18:43.952739+07', 'accepted_with_rejections', 2, 1, 1, 'run-1', NULL, NULL, NULL, NULL, NULL, 'district_submissions/231/bd8b78c3e6fb-product_events_2022.csv', '2023-11-15 05:14:20+07', '2023-11-15 05:14:20+07', NULL, NULL);
INSERT INTO ingest.submission VALUES (2, 'district_submissions', 'sales_points_2023-05.csv', 'district_submissions/231/sales_points_2023-05.csv', '49852534c0e95768b8980736386917a3b0db76bc1ee28bea6af52ec818ec24e5', 147, '231', '2023-05', '2023-05-01', '2023-06-01', '2025-11-28 21:18:43.973353+07', 'accepted', 1, 1, 0, 'run-1', NULL, NULL, NULL, NULL, NULL, 'district_submissions/231/49852534c0e9-sales_points_2023-05.csv', '2023-11-15 05:15:20+07', '2023-11-15 05:15:20+07', NULL, NULL);
INSERT INTO ingest.submission VALUES (3, 'district_submissions', 'sales_points_2023-06.csv', 'district_submissions/231/sales_points_2023-06.csv', 'ec21c8c0ac4b188bacd6809b443f758d83b17d75f8521316abe167979b15d4ee', 195, '231', '2023-06', '2023-06-01', '2023-07-01', '2025-11-28 21:18:43.988875+07', 'accepted', 2, 2, 0, 'run-1', NULL, NULL, NULL, NULL, NULL, 'district_submissions/231/ec21c8c0ac4b-sales_points_2023-06.csv', '2023-11-15 05:16:20+07', '2023-11-15 05:16:20+07', NULL, NULL);
INSERT INTO ingest.submission VALUES (4, 'district_submissions', 'lạ.csv', 'district_submissions/231/lạ.csv', '492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470', 8, NULL, NULL, NULL, NULL, '2025-11-28 21:18:44.001243+07', 'rejected', 0, 0, 0, 'run-1', 'form_unknown', 'lạ.csv', 'Không nhận ra biểu mẫu: tiêu đề cột không khớp biểu nào.', 'The headings match no form.', NULL, NULL, '2023-11-15 05:17:20+07', '2023-11-15 05:17:20+07', NULL, NULL);
INSERT INTO ingest.withdrawal VALUES (2, 4, '2025-11-28 21:18:44.051665+07', 'ocop', 'sent for another month');
INSERT INTO raw.product_events VALUES (1, 1, 'product_events_2022.csv', 2, 'A', 'Chè xanh', 'I', 'HTX-A', NULL, '08056', 'new', '4', NULL, '12/QĐ-UBND', '2022-06-01', NULL);
INSERT INTO raw.sales_points VALUES (2, 2, 'sales_points_2023-05.csv', 2, 'D1', 'Cửa hàng', NULL, '08056', NULL, '2023-02-01', NULL);
INSERT INTO raw.sales_points VALUES (3, 3, 'sales_points_2023-06.csv', 2, 'D1', 'Cửa hàng', NULL, '08056', NULL, '2023-02-01', NULL);
INSERT INTO raw.sales_points VALUES (3, 3, 'sales_points_2023-06.csv', 3, 'D2', 'Cửa hàng', NULL, '08056', NULL, '2023-02-01', NULL);
SELECT pg_catalog.setval('ingest.publication_publication_id_seq', 1, true);
ALTER TABLE ONLY ingest.deployment
    ADD CONSTRAINT deployment_pkey PRIMARY KEY (key);
ALTER TABLE ONLY ingest.load
    ADD CONSTRAINT load_pkey PRIMARY KEY (load_id);
ALTER TABLE ONLY ingest.publication
    ADD CONSTRAINT publication_pkey PRIMARY KEY (publication_id);
ALTER TABLE ONLY ingest.published_contribution
    ADD CONSTRAINT published_contribution_publication_id_kpi_code_unit_code_va_key UNIQUE NULLS NOT DISTINCT (publication_id, kpi_code, unit_code, variant, submission_id);
ALTER TABLE ONLY ingest.published_definition
    ADD CONSTRAINT published_definition_pkey PRIMARY KEY (publication_id, kind, name);
ALTER TABLE ONLY ingest.published_figure
    ADD CONSTRAINT published_figure_pkey PRIMARY KEY (publication_id, kpi_code, unit_code, variant, breakdown, member);
ALTER TABLE ONLY ingest.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (submission_id, form, source_sheet, source_row);
ALTER TABLE ONLY ingest.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (submission_id);
ALTER TABLE ONLY ingest.withdrawal
    ADD CONSTRAINT withdrawal_pkey PRIMARY KEY (submission_id);
ALTER TABLE ONLY ingest.withdrawal
    ADD CONSTRAINT withdrawal_position_key UNIQUE ("position");
CREATE UNIQUE INDEX load_current ON ingest.load USING btree (form, unit_code, period_from, period_to) NULLS NOT DISTINCT WHERE ((known_to IS NULL) AND is_superseding);
CREATE INDEX load_submission ON ingest.load USING btree (submission_id);
CREATE INDEX repair_submission ON ingest.repair USING btree (submission_id);
CREATE INDEX submission_replay_of ON ingest.submission USING btree (replay_of) WHERE (replay_of IS NOT NULL);
CREATE INDEX submission_sha256 ON ingest.submission USING btree (sha256);
CREATE TRIGGER never_added_to BEFORE INSERT ON ingest.published_contribution FOR EACH ROW EXECUTE FUNCTION ingest.refuse_addition();
CREATE TRIGGER never_added_to BEFORE INSERT ON ingest.published_definition FOR EACH ROW EXECUTE FUNCTION ingest.refuse_addition();
CREATE TRIGGER never_added_to BEFORE INSERT ON ingest.published_figure FOR EACH ROW EXECUTE FUNCTION ingest.refuse_addition();
CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON ingest.publication FOR EACH STATEMENT EXECUTE FUNCTION ingest.refuse_change();
CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON ingest.published_contribution FOR EACH STATEMENT EXECUTE FUNCTION ingest.refuse_change();
CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON ingest.published_definition FOR EACH STATEMENT EXECUTE FUNCTION ingest.refuse_change();
CREATE TRIGGER never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON ingest.published_figure FOR EACH STATEMENT EXECUTE FUNCTION ingest.refuse_change();
ALTER TABLE ONLY ingest.correction
    ADD CONSTRAINT correction_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ingest.submission(submission_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest.load
    ADD CONSTRAINT load_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES ingest.load(load_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest.load
    ADD CONSTRAINT load_rows_of_fkey FOREIGN KEY (rows_of) REFERENCES ingest.load(load_id);
ALTER TABLE ONLY ingest.load
    ADD CONSTRAINT load_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ingest.submission(submission_id);
ALTER TABLE ONLY ingest.published_contribution
    ADD CONSTRAINT published_contribution_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES ingest.publication(publication_id);
ALTER TABLE ONLY ingest.published_definition
    ADD CONSTRAINT published_definition_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES ingest.publication(publication_id);
ALTER TABLE ONLY ingest.published_figure
    ADD CONSTRAINT published_figure_publication_id_fkey FOREIGN KEY (publication_id) REFERENCES ingest.publication(publication_id);
ALTER TABLE ONLY ingest.quarantine
    ADD CONSTRAINT quarantine_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ingest.submission(submission_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest.repair
    ADD CONSTRAINT repair_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ingest.submission(submission_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY ingest.submission
    ADD CONSTRAINT submission_duplicate_of_fkey FOREIGN KEY (duplicate_of) REFERENCES ingest.submission(submission_id);
ALTER TABLE ONLY ingest.submission
    ADD CONSTRAINT submission_replay_of_fkey FOREIGN KEY (replay_of) REFERENCES ingest.submission(submission_id);
ALTER TABLE ONLY ingest.withdrawal
    ADD CONSTRAINT withdrawal_submission_id_fkey FOREIGN KEY (submission_id) REFERENCES ingest.submission(submission_id);
