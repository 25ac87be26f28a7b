using MassMessaging.Clients;
using MassMessaging.Clients.Consent;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <param name="Status"><c>sent</c>; <c>failed</c>: refused, with the reason; <c>in_doubt</c>: it may have been sent.</param>
/// <param name="GatewayMessageId">When it was taken.</param>
/// <param name="Text">As it was sent.</param>
/// <param name="Reason">Why not, or why that is not known.</param>
public sealed record TestSendAnswer(MemberStatus Status, string? GatewayMessageId, string Text, string? Reason);

/// <summary>
/// <c>POST /api/campaigns/{id}/test-send</c>: the message as it stands, to one phone, outside every counter. It is paced like any other
/// message of the number, and goes to nobody who has opted out.
/// </summary>
public static class TestSend
{
    private const string OptedOut = "select 1 from client where profile_id = @profile and phone = @phone and opted_out_at is not null";
    private const int MostSlots = 3; // A busy machine may miss the short life of a permit: that slot is lost.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{id:guid}/test-send", Post)
        .Documented(
            "testSendCampaign", "Sends the message once, to the phone given, outside the counters.",
            "validation-failed", "phone-invalid", "client-opted-out", "lane-held", "lane-busy", "instance-down", "instance-gone",
            "gateway-throttled", "gateway-unavailable")
        .Takes<TestSendBody>().Produces<TestSendAnswer>();

    private static async Task<IResult> Post(
        Caller caller, Guid id, Fields body, IStore store, SuppressedNumbers suppressed, GatewayCalls calls, LaneHolds holds,
        SendingOptions options, Random random, CancellationToken ct)
    {
        var phone = ClientFields.Phone(body, await Client.CountryOf(store, caller.ProfileId, ct), required: true);
        var named = body.Text("variant", 100);
        FrozenText? text;
        await using (var session = store.Open(caller.Origin))
        {
            text = await CurrentText.Of(session, new StreamKey(caller.ProfileId, id), ct);
            if (text is null) return Problems.NotFound();
            if (named is not null && Key(text, named) is null) body.Wrong("variant", "must be the name of one of the campaign's variants");
            if (body.AreWrong || phone is null) return body.Problem();
            if (await HasDeclined(session, caller.ProfileId, phone, suppressed, ct))
                return Problems.Conflict("client-opted-out", "The owner of this number has opted out of your messages.");
        }

        var (permit, outcome, sent) = (default(Permit)!, default(SendOutcome)!, "");
        for (var attempt = 1; attempt == 1 || (attempt <= MostSlots && outcome is SendOutcome.NotWritten { Reason: "permit-expired" }); attempt++)
        {
            permit = await Slot(store, caller, new(text.AdvisorName, phone), options, random, ct);
            outcome = await calls.CallOnce(permit, at => sent = Render(text, named, permit.Recipient, at));
        }

        if (outcome is SendOutcome.Accepted { GatewayMessageId: var gatewayId }) await Keep(store, caller, permit, gatewayId);
        if (permit.IsProbe || outcome is SendOutcome.Accepted or SendOutcome.Throttled)
            await holds.Learn([new CallOutcome(permit, outcome, store.Clock.GetUtcNow())], CancellationToken.None);
        return Answer(outcome, sent);
    }

    private static async Task Keep(IStore store, Caller caller, Permit permit, string gatewayId)
    {
        await using var session = store.Open(caller.Origin);
        await GatewayMessages.Aside(session, permit.Instance, gatewayId, permit.MessageId, CancellationToken.None);
        await session.Commit(CancellationToken.None);
    }

    private static async Task<Permit> Slot(
        IStore store, Caller caller, Recipient recipient, SendingOptions options, Random random, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        var permit = await SpareSlot.Take(session, caller.ProfileId, recipient, options, random, store.Clock, ct);
        await session.Commit(ct);
        return permit;
    }

    /// <summary>As a client would read it who has never been written to, and has the advisor's name.</summary>
    private static string Render(FrozenText text, string? named, Recipient to, DateTimeOffset at) =>
        text.Render(Key(text, named), to.Name, to.Phone, isFirst: true, at);

    /// <summary>The variant of that name, without one the first; null where there is none.</summary>
    private static string? Key(FrozenText text, string? named)
    {
        for (var place = 0; place < text.Variants?.Count; place++)
            if (named is null || string.Equals(text.Variants[place].Name, named.Trim(), StringComparison.OrdinalIgnoreCase))
                return Variants.Key(place);
        return null;
    }

    private static async Task<bool> HasDeclined(
        ISession session, Guid profile, string phone, SuppressedNumbers suppressed, CancellationToken ct) =>
        (await session.Query(OptedOut, _ => true, ct, ("profile", profile), ("phone", phone))).Count > 0
        || await suppressed.Holds(session, profile, phone, ct);

    private static IResult Answer(SendOutcome outcome, string text) => outcome switch
    {
        SendOutcome.Accepted accepted => TypedResults.Ok(new TestSendAnswer(MemberStatus.Sent, accepted.GatewayMessageId, text, null)),
        SendOutcome.Refused refused => TypedResults.Ok(new TestSendAnswer(MemberStatus.Failed, null, text, refused.Code)),
        SendOutcome.RecipientHeld held => TypedResults.Ok(new TestSendAnswer(MemberStatus.Failed, null, text, held.Reason)),
        SendOutcome.MessageStopped stopped => TypedResults.Ok(new TestSendAnswer(MemberStatus.Failed, null, text, stopped.Reason)),
        SendOutcome.Unknown unknown => TypedResults.Ok(new TestSendAnswer(MemberStatus.InDoubt, null, text, unknown.Reason)),
        SendOutcome.Throttled throttled =>
            Problems.TooMany("gateway-throttled", "WhatsApp asks to send more slowly.", throttled.RetryAfter ?? Soon),
        SendOutcome.InstanceDown down => Problems.Unavailable("instance-down", $"The number is not connected: {down.Reason}.", Soon),
        SendOutcome.InstanceGone gone => Problems.Conflict("instance-gone", $"The number must be connected again: {gone.Reason}."),
        SendOutcome.NotWritten not => Problems.Unavailable("gateway-unavailable", $"Nothing was sent: {not.Reason}.", Soon),
        _ => throw new InvalidOperationException($"{outcome} is not answered."),
    };

    /// <param name="Phone">Any spelling, national in the profile's country.</param>
    /// <param name="Variant">Name of the variant to send; without it the first.</param>
    private sealed record TestSendBody(string Phone, string? Variant);
}
