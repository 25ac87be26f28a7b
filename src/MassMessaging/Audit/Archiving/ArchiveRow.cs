using MassMessaging.Kernel;

namespace MassMessaging.Audit.Archiving;

/// <param name="Events">How many it holds; later ones (a late receipt) are in the log alone, until it is archived again.</param>
/// <param name="Seq">Of the last event in it.</param>
/// <param name="Hash">That event's, in hex: keep it elsewhere, and it is a checkpoint.</param>
/// <param name="Bytes">Of the compressed file.</param>
public sealed record ArchiveAnswer(Guid CampaignId, long Events, long Seq, string Hash, long Bytes, DateTimeOffset ArchivedAt, string Actor);

internal sealed record ArchiveRow(string File, ArchiveAnswer Answer)
{
    private const string Select = """
        select file, campaign_id, events, seq, hash, bytes, archived_at, actor from campaign_archive
        where profile_id = @profile and campaign_id = @campaign
        """;

    private const string Upsert = """
        insert into campaign_archive as a (profile_id, campaign_id, file, events, seq, hash, bytes, archived_at, actor)
        values (@profile, @campaign, @file, @events, @seq, @hash, @bytes, @now, @actor)
        on conflict (profile_id, campaign_id) do update
        set file = excluded.file, events = excluded.events, seq = excluded.seq, hash = excluded.hash, bytes = excluded.bytes,
            archived_at = excluded.archived_at, actor = excluded.actor
        where a.seq <= excluded.seq
        """;

    public static async Task<ArchiveRow?> Of(IStore store, StreamKey campaign, CancellationToken ct) => (await store.Query(
        Select,
        row => new ArchiveRow(row.GetString(0), new(
            row.GetGuid(1), row.GetInt64(2), row.GetInt64(3), ProofHash.Hex(row.GetFieldValue<byte[]>(4)), row.GetInt64(5),
            row.GetFieldValue<DateTimeOffset>(6), row.GetString(7))),
        ct, ("profile", campaign.Profile), ("campaign", campaign.Id))).SingleOrDefault();

    public static Task Keep(ISession session, AuditLink last, string file, long bytes, CancellationToken ct) => session.Sql(
        Upsert, ct, ("profile", last.ProfileId), ("campaign", last.Id), ("file", file), ("events", last.Place), ("seq", last.Seq),
        ("hash", last.Hash), ("bytes", bytes), ("now", session.Now), ("actor", session.Origin.Actor));
}
