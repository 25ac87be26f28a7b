namespace MassMessaging.WhatsApp;

/// <summary>Somebody told Meta, not the advisor, that they want no more marketing of the advisor's, or want it again.</summary>
/// <param name="Phone">+ and the digits as WhatsApp spells them: bring it to the canonical spelling first.</param>
/// <param name="Stops">No more of it; false: again.</param>
/// <param name="At">When, as Meta says; never later than it reached us.</param>
public sealed record MarketingPreference(Guid Profile, string Phone, bool Stops, DateTimeOffset At);

/// <summary>Before it is known whose number it is about.</summary>
/// <param name="WabaId">Believed of the number's own account only; null: it names the number itself.</param>
internal sealed record PreferenceTold(string Instance, string? WabaId, string Phone, bool Stops, DateTimeOffset At);

/// <summary>Who wants to know what Meta tells beside messages and receipts registers one; WhatsApp knows no campaign.</summary>
public interface IAccountSubscriber
{
    /// <summary>Called inside the session that completes the webhooks. May repeat, be late, and come out of order.</summary>
    Task Prefer(IReadOnlyList<MarketingPreference> preferences, ISession session, CancellationToken ct);

    /// <summary>Meta lets the profile's number send no more until a person has mended it. Told once.</summary>
    /// <param name="reason"><c>meta-account-restricted</c>, <c>meta-account-disabled</c> or <c>meta-account-deleted</c>.</param>
    void Stopped(Guid profile, string reason, ISession session);
}
