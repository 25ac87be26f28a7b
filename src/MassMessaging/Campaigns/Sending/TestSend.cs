using MassMessaging.Clients;
using MassMessaging.Clients.Consent;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;
using MassMessaging.WhatsApp;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MassMessaging.Campaigns.Sending;

/// <param name="Status"><c>sent</c>; <c>failed</c>: refused, with the reason; <c>in_doubt</c>: it may have been sent.</param>
/// <param name="GatewayMessageId">When it was taken.</param>
/// <param name="Text">As it was sent; of a template its name, language and parameters.</param>
/// <param name="Reason">Why not, or why that is not known.</param>
/// <param name="MetaTemplate">The template that was sent instead of the text, with its parameters as they were: outside Meta's window.</param>
public sealed record TestSendAnswer(
    MemberStatus Status, string? GatewayMessageId, string Text, string? Reason, MetaTemplate? MetaTemplate = null);

/// <summary>
/// <c>POST /api/campaigns/{id}/test-send</c>: the message as it stands, to one phone, outside every counter. It is paced like any other
/// message of the number, and goes to nobody who has opted out. At Meta it goes as the campaign would: as the template outside the window.
/// </summary>
public static class TestSend
{
    private const string OptedOut = "select 1 from client where profile_id = @profile and phone = @phone and opted_out_at is not null";
    private const int MostSlots = 3; // A busy machine may miss the short life of a permit: that slot is lost.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{id:guid}/test-send", Post)
        .Documented(
            "testSendCampaign", "Sends the message once, to the phone given, outside the counters.",
            "validation-failed", "phone-invalid", "client-opted-out", "window-closed", "lane-held", "lane-busy", "instance-down", "instance-gone",
            "gateway-throttled", "gateway-unavailable")
        .Needs(Scope.Send).Takes<TestSendBody>().Produces<TestSendAnswer>();

    private static async Task<IResult> Post(
        Caller caller, Guid id, Fields body, IStore store, SuppressedNumbers suppressed, GatewayCalls calls, LaneHolds holds,
        SendingOptions options, Random random, CancellationToken ct)
    {
        var phone = ClientFields.Phone(body, await Client.CountryOf(store, caller.ProfileId, ct), required: true);
        var named = body.Text("variant", 100);
        FrozenText? text;
        bool asTemplate;
        await using (var session = store.Open(caller.Origin))
        {
            text = await CurrentText.Of(session, new StreamKey(caller.ProfileId, id), ct);
            if (text is null) return Problems.NotFound();
            if (named is not null && Key(text, named) is null) body.Wrong("variant", "must be the name of one of the campaign's variants");
            if (body.AreWrong || phone is null) return body.Problem();
            if (await HasDeclined(session, caller.ProfileId, phone, suppressed, ct))
                return Problems.Conflict("client-opted-out", "The owner of this number has opted out of your messages.");
            asTemplate = await MetaRules.IsOpen(session, caller.ProfileId, phone, ct) == false;
            if (asTemplate && text.Meta is null) return WindowClosed();
        }

        var (permit, outcome, sent) = (default(Permit)!, default(SendOutcome)!, default(OutgoingMessage)!);
        for (var attempt = 1; attempt == 1 || (attempt <= MostSlots && IsWorthAnother(outcome, asTemplate)); attempt++)
        {
            if (outcome is SendOutcome.RecipientHeld) asTemplate = true; // Meta's word on the window counts
            permit = await Slot(store, caller, new(text.AdvisorName, phone), options, random, ct);
            outcome = await calls.CallOnce(permit, at => sent = Message(text, named, permit.Recipient, asTemplate, at));
            if (outcome is SendOutcome.RecipientHeld) await Learn(store, caller, permit with { AsTemplate = asTemplate }, outcome);
            if (IsClosed(outcome, asTemplate) && text.Meta is null) return WindowClosed();
        }

        if (outcome is SendOutcome.Accepted { GatewayMessageId: var gatewayId }) await Keep(store, caller, permit, gatewayId);
        if (permit.IsProbe || outcome is SendOutcome.Accepted or SendOutcome.Throttled)
            await holds.Learn([new CallOutcome(permit, outcome, store.Clock.GetUtcNow())], CancellationToken.None);
        return Answer(outcome, sent);
    }

    private static bool IsWorthAnother(SendOutcome outcome, bool asTemplate) =>
        outcome is SendOutcome.NotWritten { Reason: "permit-expired" } || IsClosed(outcome, asTemplate);

    private static bool IsClosed(SendOutcome outcome, bool asTemplate) =>
        !asTemplate && outcome is SendOutcome.RecipientHeld { Reason: MetaRules.WindowClosed };

    private static IResult WindowClosed() => Problems.Conflict(
        MetaRules.WindowClosed, "Meta takes a text within 24 hours of this person's last message only, and the campaign has no template.");

    private static async Task Learn(IStore store, Caller caller, Permit permit, SendOutcome outcome)
    {
        await using var session = store.Open(caller.Origin);
        await MetaPairs.Learn(session, [new CallOutcome(permit, outcome, session.Now)], CancellationToken.None);
        await session.Commit(CancellationToken.None);
    }

    private static OutgoingMessage Message(FrozenText text, string? named, Recipient to, bool asTemplate, DateTimeOffset at) =>
        asTemplate ? text.Template(to.Name, to.Phone, at) : new OutgoingMessage.Text(Render(text, named, to, at));

    private static async Task Keep(IStore store, Caller caller, Permit permit, string gatewayId)
    {
        using var all = RowScope.OfService(); // it is kept with the gateway's messages, of no member
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

    private static IResult Answer(SendOutcome outcome, OutgoingMessage sent) => outcome switch
    {
        SendOutcome.Accepted accepted => Told(MemberStatus.Sent, accepted.GatewayMessageId, sent, null),
        SendOutcome.Refused refused => Told(MemberStatus.Failed, null, sent, refused.Code),
        SendOutcome.RecipientHeld held => Told(MemberStatus.Failed, null, sent, held.Reason),
        SendOutcome.MessageStopped stopped => Told(MemberStatus.Failed, null, sent, stopped.Reason),
        SendOutcome.Unknown unknown => Told(MemberStatus.InDoubt, null, sent, unknown.Reason),
        SendOutcome.Throttled throttled =>
            Problems.TooMany("gateway-throttled", "WhatsApp asks to send more slowly.", throttled.RetryAfter ?? Soon),
        SendOutcome.InstanceDown down => Problems.Unavailable("instance-down", $"The number is not connected: {down.Reason}.", Soon),
        SendOutcome.InstanceGone gone => Problems.Conflict("instance-gone", $"The number must be connected again: {gone.Reason}."),
        SendOutcome.NotWritten not => Problems.Unavailable("gateway-unavailable", $"Nothing was sent: {not.Reason}.", Soon),
        _ => throw new InvalidOperationException($"{outcome} is not answered."),
    };

    private static Ok<TestSendAnswer> Told(MemberStatus status, string? gatewayId, OutgoingMessage sent, string? reason) => TypedResults.Ok(sent switch
    {
        OutgoingMessage.Template template => new TestSendAnswer(
            status, gatewayId, $"{template.Name} ({template.Language}): {string.Join(", ", template.Parameters)}", reason,
            new(template.Name, template.Language, template.Parameters)),
        OutgoingMessage.Text text => new TestSendAnswer(status, gatewayId, text.Body, reason),
        _ => throw new InvalidOperationException($"{sent} is not answered."),
    });

    /// <param name="Phone">Any spelling, national in the profile's country.</param>
    /// <param name="Variant">Name of the variant to send; without it the first.</param>
    private sealed record TestSendBody(string Phone, string? Variant);
}
