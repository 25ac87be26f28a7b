-- Which node has the lease: when that node is dead, what it had in hand falls due before its leases end. Not indexed, as nothing is that a
-- claim changes: a node that dies costs one look through the table.
alter table message add column holder uuid;
