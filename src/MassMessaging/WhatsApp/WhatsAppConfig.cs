using System.Data.Common;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.WhatsApp;

/// <summary>
/// A profile's own instance (or its number at Meta, see <see cref="CloudInstance"/>), and how the gateway last said it stands.
/// </summary>
/// <param name="Secret">Encrypted; null before the first connect.</param>
internal sealed record WhatsAppConfig(
    string Instance, string? Secret, InstanceState State, DateTimeOffset Since, string? Reason, string? Phone)
{
    private const string Select =
        "select instance, webhook_secret, state, state_since, state_reason, phone from whatsapp_config where profile_id = @profile";

    private const string Claim =
        """
        insert into whatsapp_instance (instance, profile_id, claimed_at) values (@instance, @profile, @now)
        on conflict (instance) do nothing
        """;

    // The name that it had before it went over to Meta: where its webhooks still come from.
    private const string SelectLast =
        """
        select instance from whatsapp_instance where profile_id = @profile and instance not like 'cloud:%'
        order by claimed_at desc limit 1
        """;

    private const string SelectOwner = "select profile_id from whatsapp_instance where instance = @instance";

    /// <summary>The number linked to another instance says nothing about this one.</summary>
    private const string Upsert =
        """
        insert into whatsapp_config as config (profile_id, gateway, instance, state_since, created_at, updated_at)
        values (@profile, @gateway, @instance, @now, @now, @now)
        on conflict (profile_id) do update
        set gateway = excluded.gateway, instance = excluded.instance, state = 'close', state_since = @now, state_reason = null, phone = null, updated_at = @now,
            was_open = false, closed_at = null, state_checked_at = null
        where config.instance <> excluded.instance
        """;

    private const string UpdateState =
        """
        update whatsapp_config
        set state_reason = case when state = @state then coalesce(@reason::text, state_reason) else @reason::text end,
            state_since = case when state = @state then state_since else @now end,
            state = @state,
            was_open = was_open or @state = 'open',
            closed_at = case
                when @state = 'open' or instance like 'cloud:%' then null
                when @state = 'close' and was_open then coalesce(closed_at, @now)
                else closed_at end,
            phone = coalesce(@phone::text, phone)
        where instance = @instance
          and (state <> @state
               or (@reason::text is not null and @reason::text is distinct from state_reason)
               or (@phone::text is not null and @phone::text is distinct from phone))
          and (@only_from::text is null or state = @only_from)
          and (state = @state or state_since <= @now)
        """;

    public Gateway Gateway => CloudInstance.Is(Instance) ? Gateway.Cloud : Gateway.Evolution;

    public static async Task<WhatsAppConfig?> Find(IStore store, Guid profile, CancellationToken ct) =>
        (await store.Query(Select, Read, ct, ("profile", profile))).SingleOrDefault();

    public static async Task<WhatsAppConfig?> Find(ISession session, Guid profile, CancellationToken ct) =>
        (await session.Query(Select, Read, ct, ("profile", profile))).SingleOrDefault();

    public static async Task<string?> LastInstance(ISession session, Guid profile, CancellationToken ct) =>
        (await session.Query(SelectLast, row => row.GetString(0), ct, ("profile", profile))).SingleOrDefault();

    /// <summary>Names the profile's instance; false when the name belongs to another profile.</summary>
    public static async Task<bool> Choose(ISession session, Guid profile, string instance, CancellationToken ct)
    {
        if (InstanceName.IsReserved(instance, profile)) return false;

        await session.Sql(Claim, ct, ("instance", instance), ("profile", profile), ("now", session.Now));
        var owners = await session.Query(SelectOwner, row => row.GetGuid(0), ct, ("instance", instance));
        if (owners is not [var owner] || owner != profile) return false;

        return await Use(session, profile, Gateway.Evolution, instance, ct);
    }

    /// <summary>The instance is the profile's own already.</summary>
    public static async Task<bool> Use(ISession session, Guid profile, Gateway gateway, string instance, CancellationToken ct)
    {
        await session.Sql(
            Upsert, ct, ("profile", profile), ("gateway", JsonConventions.NameOf(gateway)), ("instance", instance), ("now", session.Now));
        return true;
    }

    /// <summary>The profile's configuration, made with the default instance if there is none.</summary>
    public static async Task<WhatsAppConfig> FindOrCreate(IStore store, Caller caller, CancellationToken ct)
    {
        if (await Find(store, caller.ProfileId, ct) is { } found) return found;

        await using var session = store.Open(caller.Origin);
        await Ensure(session, caller.ProfileId, ct);
        await session.Commit(ct);
        return (await Find(store, caller.ProfileId, ct))!;
    }

    /// <summary>The default instance for a profile that has chosen none.</summary>
    public static async Task Ensure(ISession session, Guid profile, CancellationToken ct)
    {
        if ((await session.Query(Select, Read, ct, ("profile", profile))).Count == 0)
            await Choose(session, profile, InstanceName.DefaultOf(profile), ct);
    }

    /// <summary>Writes only what changes: a gateway without a route says <c>connecting</c> twice a second.</summary>
    public static Task Record(ISession session, InstanceStateSeen seen, CancellationToken ct) => session.Sql(
        UpdateState, ct, ("instance", seen.Instance), ("state", JsonConventions.NameOf(seen.State)), ("reason", seen.Reason),
        ("phone", seen.Phone), ("now", seen.At), ("only_from", seen.OnlyFrom is { } from ? JsonConventions.NameOf(from) : null));

    private static WhatsAppConfig Read(DbDataReader row) => new(
        row.GetString(0), Text(row, 1), Enum.Parse<InstanceState>(row.GetString(2), ignoreCase: true), row.GetFieldValue<DateTimeOffset>(3),
        Text(row, 4), Text(row, 5));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

/// <param name="At">
/// When it was so: of a webhook, when it reached us; of an answer, when it was asked for. What is older than the state known is not
/// believed: the answer to connect would write <c>connecting</c> over the <c>open</c> that came meanwhile.
/// </param>
/// <param name="OnlyFrom">Believed only while the instance is known to be in that state.</param>
internal sealed record InstanceStateSeen(
    string Instance, InstanceState State, string? Reason, string? Phone, DateTimeOffset At, InstanceState? OnlyFrom = null);
