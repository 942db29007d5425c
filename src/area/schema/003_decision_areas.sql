-- The areas that a decision names: who may see it is asked in the statement that lists decisions.
CREATE TABLE area_decision_area (
    decision BIGINT NOT NULL,
    area BIGINT NOT NULL,
    PRIMARY KEY (decision, area)
);
-- Of decisions applied before this step, the areas that they touched.
INSERT INTO area_decision_area (decision, area)
SELECT v.decision, v.area FROM area_decision_version v JOIN area_decision d ON d.id = v.decision
UNION
SELECT l.decision, l.before FROM area_lineage l JOIN area_decision d ON d.id = l.decision;
