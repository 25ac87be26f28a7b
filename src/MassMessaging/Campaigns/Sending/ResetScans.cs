using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Another policy holds other members: campaigns are looked through from the beginning, at once.</summary>
public sealed class ResetScans : IPacingSubscriber
{
    private const string Delete = "delete from campaign_scan where profile_id = @profile";

    // Paused ones go on where they were.
    private const string Drop = """
        delete from campaign_scan s where not exists (
            select 1 from campaign c where c.profile_id = s.profile_id and c.id = s.campaign_id and c.status in ('sending', 'paused'))
        """;

    private const string Lock = "select 1 from lane where profile_id = @profile for update";

    public Task Changed(Guid profile, Pacing was, Pacing pacing, ISession session, CancellationToken ct) => Reset(session, profile, ct);

    /// <summary>Of campaigns that have ended.</summary>
    public static Task DropOld(ISession session, CancellationToken ct) => session.Sql(Drop, ct);

    public static async Task Reset(ISession session, Guid profile, CancellationToken ct)
    {
        // A tick in progress would write its place, found by the old policies, after this.
        await session.Query(Lock, row => row.GetInt32(0), ct, ("profile", profile));
        await session.Sql(Delete, ct, ("profile", profile));
    }
}
