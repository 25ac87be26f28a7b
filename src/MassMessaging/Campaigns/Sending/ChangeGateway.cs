using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Another gateway, or another number at Meta, has other rules: a campaign that began under the old ones might leave out everybody under
/// the new. So what is being sent is paused, and a person resumes it. Calls under way end where they began, and their receipts still come;
/// nothing new is granted until the pause is written.
/// </summary>
public sealed class ChangeGateway : IGatewaySubscriber
{
    public const string Reason = "gateway-changed";

    private const string Hold = """
        update lane set held_by = @reason, held_until = greatest(held_until, @now + interval '1 minute')
        where profile_id = @profile and exists (select 1 from campaign where profile_id = @profile and status = 'sending')
        """;

    public async Task Changed(Guid profile, ISession session, CancellationToken ct)
    {
        if (await session.Sql(Hold, ct, ("profile", profile), ("reason", Reason), ("now", session.Now)) > 0)
            session.Send(new StopLane(profile, Reason), profile.ToString());
    }
}
