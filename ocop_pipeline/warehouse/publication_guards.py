"""What keeps a publication as it was: triggers that refuse every change, even the owner's.

Belongs here: the refusing, as statements of SQL that may run again and again. Stays out: the tables (`migrations`),
writing and reading them (`publications`).
"""

_TABLES = ("publication", "published_figure", "published_definition", "published_contribution")

PUBLICATION_GUARDS = "\n".join(
    [
        """\
create or replace function ingest.refuse_change() returns trigger language plpgsql as $$ begin
    raise exception 'ingest.% holds what was published: it stays as it is', tg_table_name;
end $$;""",
        *(
            f"create or replace trigger never_changed before update or delete or truncate on ingest.{table} "
            "for each statement execute function ingest.refuse_change();"
            for table in _TABLES
        ),
        """\
create or replace function ingest.refuse_addition() returns trigger language plpgsql as $$ begin
    if not exists (
        select from ingest.publication
        where publication_id = new.publication_id and xmin = pg_current_xact_id()::xid
    ) then
        raise exception 'ingest.% holds what was published: nothing is added to it later', tg_table_name;
    end if;
    return new;
end $$;""",
        *(
            f"create or replace trigger never_added_to before insert on ingest.{table} "
            "for each row execute function ingest.refuse_addition();"
            for table in _TABLES[1:]
        ),
    ]
)
