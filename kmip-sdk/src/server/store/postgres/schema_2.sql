-- A commit goes by what the store says of itself, and is refused where that has changed.

ALTER FUNCTION kmip_commit_1 RENAME TO kmip_change_2;

-- Servers that call this do not know what the store says.
CREATE FUNCTION kmip_commit_1(
    kinds int2[], identifiers bytea[], versions int8[], bodies bytea[], sizes int8[], dues int8[],
    term_places int4[], terms bytea[], terms_added bool[],
    name_places int4[], names bytea[], names_added bool[],
    bound_kinds int2[], bound_records int8[], bound_bytes int8[]
) RETURNS int4 LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a newer version of the server has opened the store, and this one changes nothing more in it';
END
$$;

-- What kmip_change_2 does, if the records that are to stay as they are have the versions that are expected; if not, -1.
CREATE FUNCTION kmip_commit_2(
    kinds int2[], identifiers bytea[], versions int8[], bodies bytea[], sizes int8[], dues int8[],
    term_places int4[], terms bytea[], terms_added bool[],
    name_places int4[], names bytea[], names_added bool[],
    bound_kinds int2[], bound_records int8[], bound_bytes int8[],
    unchanged_kinds int2[], unchanged_identifiers bytea[], unchanged_versions int8[]
) RETURNS int4 LANGUAGE plpgsql AS $$
BEGIN
    -- Each statement sees what was committed before it began: what is compared then stays so until this is committed.
    PERFORM FROM kmip_last FOR UPDATE;
    FOR place IN 1 .. cardinality(unchanged_kinds) LOOP
        PERFORM FROM kmip_records r
        WHERE r.kind = unchanged_kinds[place] AND r.identifier = unchanged_identifiers[place]
            AND r.version = unchanged_versions[place];
        IF NOT FOUND THEN
            RETURN -1;
        END IF;
    END LOOP;
    RETURN kmip_change_2(
        kinds, identifiers, versions, bodies, sizes, dues,
        term_places, terms, terms_added,
        name_places, names, names_added,
        bound_kinds, bound_records, bound_bytes
    );
END
$$;
