using MassMessaging.Notifications;

namespace MassMessaging.WhatsApp;

/// <summary>Tells the advisor that the linked number was closed for good: only a person with the phone can link it again.</summary>
internal static class ClosedInstance
{
    // The gateway says it up to three times, in any order; who unlinked the number here knows.
    private const string Linked = """
        select profile_id from whatsapp_config
        where instance = @instance and phone is not null and not (state = 'close' and coalesce(state_reason, '') = any (@known))
        for update
        """;

    private static readonly string[] NeedsPerson = ["logged-out", "forbidden", "instance-missing"];
    private static readonly string[] Known = [.. NeedsPerson, "disconnected"];

    /// <summary>Before the state is recorded.</summary>
    public static async Task Tell(ISession session, InstanceStateSeen seen, CancellationToken ct)
    {
        if (seen.State != InstanceState.Close || !NeedsPerson.Contains(seen.Reason)) return;

        foreach (var profile in await session.Query(Linked, row => row.GetGuid(0), ct, ("instance", seen.Instance), ("known", Known)))
            await Notify.Tell(
                session, profile, NotificationCodes.InstanceClosed, null,
                "El número de WhatsApp quedó desvinculado. Para seguir enviando hay que volver a vincularlo con el código QR.", ct);
    }
}
