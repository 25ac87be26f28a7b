using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>
/// Connect, status and disconnect of a number at Meta: nothing is linked there, so the state is ours, and whether Meta takes the token.
/// </summary>
internal sealed class CloudConnection(IStore store, CloudAccounts accounts, CloudNumbers numbers, PublicUrl publicUrl)
{
    private const string NotSubscribed = "webhook-not-subscribed";

    private const string ClearReason = "update whatsapp_config set state_reason = null where profile_id = @profile and state_reason = @reason";

    public async Task<Connecting> Connect(WhatsAppConfig config, Caller caller, CancellationToken ct)
    {
        var account = await Account(config, caller.ProfileId, ct);
        var seen = await numbers.Check(account, ct);
        var isOpen = seen.State == InstanceState.Open;
        if (isOpen) await Prove(account, caller.Origin, ct); // before Meta calls back, and before anyone else may claim the number
        var reason = isOpen && !await numbers.Subscribe(account, Callback(), ct) ? NotSubscribed : seen.Reason;

        await using var session = store.Open(caller.Origin);
        await session.Sql(ClearReason, ct, ("profile", caller.ProfileId), ("reason", NotSubscribed));
        await WhatsAppConfig.Record(session, new(config.Instance, seen.State, reason, seen.Phone, session.Now), ct);
        await session.Commit(ct);
        return new(seen.State, null, null);
    }

    /// <summary>As Meta says now.</summary>
    public async Task<InstanceStateSeen> Seen(WhatsAppConfig config, Caller caller, CancellationToken ct)
    {
        var account = await Account(config, caller.ProfileId, ct);
        var state = !account.IsProven ? new CloudNumberState(InstanceState.Close, null, "not-connected")
            : account.IsDisconnected ? new CloudNumberState(InstanceState.Close, null, "disconnected")
            : await numbers.Check(account, ct);
        return new(config.Instance, state.State, state.Reason, state.Phone, store.Clock.GetUtcNow());
    }

    /// <summary>Nothing more is sent until the next connect; receipts of what was sent still come.</summary>
    public async Task<InstanceStateSeen> Disconnect(WhatsAppConfig config, Caller caller, CancellationToken ct)
    {
        var account = await Account(config, caller.ProfileId, ct);
        await using var session = store.Open(caller.Origin);
        await CloudClaim.Disconnected(session, account, ct);
        await session.Commit(ct);
        accounts.Forget(account.PhoneNumberId);
        return new(config.Instance, InstanceState.Close, "disconnected", null, session.Now);
    }

    private async Task Prove(CloudAccount account, Origin origin, CancellationToken ct)
    {
        await using var session = store.Open(origin);
        if (!await CloudClaim.Proven(session, account, ct)) throw Taken();

        await session.Commit(ct);
        accounts.Forget(account.PhoneNumberId);
    }

    private async Task<CloudAccount> Account(WhatsAppConfig config, Guid profile, CancellationToken ct)
    {
        var number = CloudInstance.PhoneNumberId(config.Instance);
        accounts.Forget(number); // another node may have changed it
        return await accounts.Of(number, ct) is { } account && account.Profile == profile ? account : throw Taken();
    }

    private static ProblemException Taken() => new(new Problem(
        StatusCodes.Status409Conflict, "phone-number-taken", "This phone number belongs to another profile."));

    private Uri Callback() => new($"{publicUrl.Value.AbsoluteUri.TrimEnd('/')}/api/webhooks/whatsapp-cloud");
}
