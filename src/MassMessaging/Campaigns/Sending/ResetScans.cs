using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Another policy holds other members: campaigns are looked through from the beginning, at once.</summary>
public sealed class ResetScans : IPacingSubscriber
{
    private const string Delete = "delete from campaign_scan where profile_id = @profile";

    private const string Lock = "select 1 from lane where profile_id = @profile for update";

    public async Task Changed(Guid profile, Pacing was, Pacing pacing, ISession session, CancellationToken ct)
    {
        // A tick in progress would write its place, found by the old policies, after this.
        await session.Query(Lock, row => row.GetInt32(0), ct, ("profile", profile));
        await session.Sql(Delete, ct, ("profile", profile));
    }
}
