-- Where records are kept. All are found by an index, whatever is asked for.

CREATE TABLE kmip_records (
    kind int2 NOT NULL,
    identifier bytea NOT NULL,
    number int8 NOT NULL,
    version int8 NOT NULL,
    size int8 NOT NULL,
    due int8,
    body bytea NOT NULL,
    PRIMARY KEY (kind, identifier)
) WITH (fillfactor = 80);
-- What is sealed cannot be made smaller.
ALTER TABLE kmip_records ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX kmip_records_number ON kmip_records (number);
CREATE INDEX kmip_records_due ON kmip_records (kind, due, number) WHERE due IS NOT NULL;

CREATE TABLE kmip_terms (
    kind int2 NOT NULL,
    term bytea NOT NULL,
    number int8 NOT NULL,
    PRIMARY KEY (kind, term, number)
);

CREATE TABLE kmip_names (
    kind int2 NOT NULL,
    name bytea NOT NULL,
    identifier bytea NOT NULL,
    PRIMARY KEY (kind, name)
);

CREATE TABLE kmip_totals (
    kind int2 PRIMARY KEY,
    records int8 NOT NULL,
    bytes int8 NOT NULL
) WITH (fillfactor = 10);

-- The highest number so far, of records and of versions. Whoever commits holds this row: so numbers come in the order of the
-- commits, what has been checked stays so, and nobody waits in a circle.
CREATE TABLE kmip_last (number int8 NOT NULL) WITH (fillfactor = 10);
INSERT INTO kmip_last VALUES (0);

-- Makes the changes of one commit, or none: then it gives -1, if something is not as it was expected, or, if there is no room,
-- twice the place of the bound among the bounds, and one more than that if it is its bytes.
--
-- The places of terms and names are those of the changes that they belong to.
CREATE FUNCTION kmip_commit_1(
    kinds int2[], identifiers bytea[], versions int8[], bodies bytea[], sizes int8[], dues int8[],
    term_places int4[], terms bytea[], terms_added bool[],
    name_places int4[], names bytea[], names_added bool[],
    bound_kinds int2[], bound_records int8[], bound_bytes int8[]
) RETURNS int4 LANGUAGE plpgsql AS $$
DECLARE
    last int8;
    numbers int8[];
    old_sizes int8[];
    is_other bool;
    refused int4;
BEGIN
    SELECT l.number INTO STRICT last FROM kmip_last l FOR UPDATE;

    SELECT array_agg(r.number ORDER BY c.place), array_agg(r.size ORDER BY c.place),
        bool_or(r.version IS DISTINCT FROM c.version)
    INTO numbers, old_sizes, is_other
    FROM unnest(kinds, identifiers, versions) WITH ORDINALITY AS c (kind, identifier, version, place)
    LEFT JOIN kmip_records r ON r.kind = c.kind AND r.identifier = c.identifier;
    IF is_other THEN
        RETURN -1;
    END IF;

    -- A name that is added must be nobody's once those are gone that are removed.
    IF cardinality(names) > 0 THEN
        IF EXISTS (
            SELECT FROM unnest(name_places, names, names_added) AS n (place, name, is_added)
            WHERE n.is_added GROUP BY kinds[n.place], n.name HAVING count(*) > 1
        ) OR EXISTS (
            SELECT FROM unnest(name_places, names, names_added) AS n (place, name, is_added)
            JOIN kmip_names held ON held.kind = kinds[n.place] AND held.name = n.name
            WHERE n.is_added AND held.identifier <> identifiers[n.place] AND NOT EXISTS (
                SELECT FROM unnest(name_places, names, names_added) AS g (place, name, is_added)
                WHERE NOT g.is_added AND g.name = held.name AND kinds[g.place] = held.kind
                    AND identifiers[g.place] = held.identifier
            )
        ) THEN
            RETURN -1;
        END IF;
    END IF;

    IF cardinality(bound_kinds) > 0 THEN
        SELECT min(CASE
            WHEN d.records > 0 AND coalesce(t.records, 0) + d.records > b.records THEN b.place * 2
            WHEN d.bytes > 0 AND coalesce(t.bytes, 0) + d.bytes > b.bytes THEN b.place * 2 + 1
        END) INTO refused
        FROM unnest(bound_kinds, bound_records, bound_bytes) WITH ORDINALITY AS b (kind, records, bytes, place)
        JOIN (
            SELECT c.kind, count(c.size) - count(c.old) AS records, coalesce(sum(c.size), 0) - coalesce(sum(c.old), 0) AS bytes
            FROM unnest(kinds, sizes, old_sizes) AS c (kind, size, old) GROUP BY c.kind
        ) d ON d.kind = b.kind
        LEFT JOIN kmip_totals t ON t.kind = b.kind;
        IF refused IS NOT NULL THEN
            RETURN refused;
        END IF;
    END IF;

    -- A name may go from one record to another, so all are taken away before any is given.
    IF cardinality(names) > 0 THEN
        DELETE FROM kmip_names held USING unnest(name_places, names, names_added) AS n (place, name, is_added)
        WHERE NOT n.is_added AND held.kind = kinds[n.place] AND held.name = n.name
            AND held.identifier = identifiers[n.place];
    END IF;
    IF cardinality(terms) > 0 THEN
        DELETE FROM kmip_terms held USING unnest(term_places, terms, terms_added) AS t (place, term, is_added)
        WHERE NOT t.is_added AND held.kind = kinds[t.place] AND held.term = t.term
            AND held.number = numbers[t.place];
    END IF;
    DELETE FROM kmip_records r USING unnest(kinds, identifiers, sizes) AS c (kind, identifier, size)
    WHERE c.size IS NULL AND r.kind = c.kind AND r.identifier = c.identifier;

    SELECT array_agg(coalesce(c.number, last + c.place) ORDER BY c.place) INTO numbers
    FROM unnest(numbers) WITH ORDINALITY AS c (number, place);
    INSERT INTO kmip_records AS r (kind, identifier, number, version, size, due, body)
    SELECT c.kind, c.identifier, c.number, last + c.place, c.size, c.due, c.body
    FROM unnest(kinds, identifiers, numbers, sizes, dues, bodies) WITH ORDINALITY
        AS c (kind, identifier, number, size, due, body, place)
    WHERE c.size IS NOT NULL ORDER BY c.place
    ON CONFLICT (kind, identifier) DO UPDATE
    SET version = excluded.version, size = excluded.size, due = excluded.due, body = excluded.body;
    IF cardinality(terms) > 0 THEN
        INSERT INTO kmip_terms
        SELECT kinds[t.place], t.term, numbers[t.place]
        FROM unnest(term_places, terms, terms_added) AS t (place, term, is_added)
        WHERE t.is_added ON CONFLICT DO NOTHING;
    END IF;
    IF cardinality(names) > 0 THEN
        INSERT INTO kmip_names
        SELECT kinds[n.place], n.name, identifiers[n.place]
        FROM unnest(name_places, names, names_added) AS n (place, name, is_added)
        WHERE n.is_added ON CONFLICT DO NOTHING;
    END IF;

    INSERT INTO kmip_totals AS t (kind, records, bytes)
    SELECT c.kind, count(c.size) - count(c.old), coalesce(sum(c.size), 0) - coalesce(sum(c.old), 0)
    FROM unnest(kinds, sizes, old_sizes) AS c (kind, size, old) GROUP BY c.kind
    ON CONFLICT (kind) DO UPDATE SET records = t.records + excluded.records, bytes = t.bytes + excluded.bytes
    WHERE excluded.records <> 0 OR excluded.bytes <> 0;
    UPDATE kmip_last SET number = last + cardinality(kinds);
    RETURN 0;
END
$$;

-- Forgets the terms of a kind, or all of its records.
CREATE FUNCTION kmip_clear_1(cleared int2, has_records bool) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM kmip_last FOR UPDATE;
    DELETE FROM kmip_terms WHERE kind = cleared;
    IF has_records THEN
        DELETE FROM kmip_names WHERE kind = cleared;
        DELETE FROM kmip_records WHERE kind = cleared;
        DELETE FROM kmip_totals WHERE kind = cleared;
    END IF;
END
$$;
