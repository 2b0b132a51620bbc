-- The day that a result tells of, so that one can be chosen among them without reading each.
ALTER TABLE snapshot ADD COLUMN as_of TEXT;
UPDATE snapshot SET as_of = json_extract(document, '$.data.as_of') WHERE json_valid(document);
