"""Statements over chosen people; `__PEOPLE__` stands for a select of their ids."""

ADD_TO_LIST = """
INSERT INTO contacts_listmember (list_id, contact_id, added_at)
SELECT %s, p.id, %s FROM (__PEOPLE__) p ON CONFLICT DO NOTHING
"""
REMOVE_FROM_LIST = """
DELETE FROM contacts_listmember WHERE list_id = %s AND contact_id IN (__PEOPLE__)
"""
# Tags keep their order, new ones come last.
RETAG = """
UPDATE contacts_contact c SET tags = t.tags, updated_at = %s
FROM (
    SELECT id, ARRAY(
        SELECT tag FROM unnest(tags || %s::varchar[]) WITH ORDINALITY AS u(tag, place)
        WHERE tag <> ALL(%s::varchar[]) GROUP BY tag ORDER BY min(place)
    ) AS tags
    FROM contacts_contact WHERE id IN (__PEOPLE__)
) t
WHERE c.id = t.id AND c.tags IS DISTINCT FROM t.tags
"""
