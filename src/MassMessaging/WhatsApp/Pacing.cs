using System.Data.Common;
using System.Text.Json;
using MassMessaging.Http;

namespace MassMessaging.WhatsApp;

/// <summary>How fast a profile's instance may send. Null is off; <c>MaxInFlight</c> null is chosen from the rate.</summary>
public sealed record Pacing(
    int Messages, int PerSeconds, bool Spread, double Jitter, int? Burst, int? MaxInFlight, int? DailyCap, WarmUp? WarmUp,
    QuietHours? QuietHours, FrequencyCap? FrequencyCap, Canary? Canary, Breaker? Breaker, SimilarText? SimilarText, bool ReplyLane)
{
    private const string Select =
        """
        select messages, per_seconds, spread, jitter, burst, max_in_flight, policies::text
        from whatsapp_pacing
        where profile_id = @profile
        """;

    private const string Upsert =
        """
        insert into whatsapp_pacing (profile_id, messages, per_seconds, spread, jitter, burst, max_in_flight, policies, updated_at)
        values (@profile, @messages, @per_seconds, @spread, @jitter, @burst, @max_in_flight, @policies::jsonb, @now)
        on conflict (profile_id) do update
        set messages = excluded.messages, per_seconds = excluded.per_seconds, spread = excluded.spread, jitter = excluded.jitter,
            burst = excluded.burst, max_in_flight = excluded.max_in_flight, policies = excluded.policies, updated_at = excluded.updated_at
        """;

    public static readonly Breaker DefaultBreaker = new(MinSample: 20, FailedRatio: 0.5, CoolDownSeconds: 300);

    /// <summary>
    /// Of a profile that never changed it: <c>Pacing__Messages</c> in <c>Pacing__PerSeconds</c>, all else off but the breaker.
    /// </summary>
    public static Pacing Default(IConfiguration configuration) => new(
        configuration.GetValue<int?>("Pacing:Messages") ?? 50, configuration.GetValue<int?>("Pacing:PerSeconds") ?? 60,
        Spread: true, Jitter: 0.2, Burst: null, MaxInFlight: null, DailyCap: null, WarmUp: null, QuietHours: null, FrequencyCap: null,
        Canary: null,
        DefaultBreaker, SimilarText: null, ReplyLane: false);

    public bool HasRateOf(Pacing other) =>
        (Messages, PerSeconds, Spread, Burst) == (other.Messages, other.PerSeconds, other.Spread, other.Burst);

    /// <summary>Null when the profile has the defaults.</summary>
    public static async Task<Pacing?> Find(ISession session, Guid profile, CancellationToken ct) =>
        (await session.Query(Select, Read, ct, ("profile", profile))).SingleOrDefault();

    public static Task Keep(ISession session, Guid profile, Pacing pacing, CancellationToken ct) => session.Sql(
        Upsert, ct, ("profile", profile), ("messages", pacing.Messages), ("per_seconds", pacing.PerSeconds), ("spread", pacing.Spread),
        ("jitter", pacing.Jitter), ("burst", pacing.Burst), ("max_in_flight", pacing.MaxInFlight),
        ("policies", JsonSerializer.Serialize(PacingPolicies.Of(pacing), JsonConventions.Options)), ("now", session.Now));

    private static Pacing Read(DbDataReader row)
    {
        var policies = PacingPolicies.FromJson(row.GetString(6));
        return new(
            row.GetInt32(0), row.GetInt32(1), row.GetBoolean(2), row.GetDouble(3), row.IsDBNull(4) ? null : row.GetInt32(4),
            row.IsDBNull(5) ? null : row.GetInt32(5), policies.DailyCap, policies.WarmUp, policies.QuietHours, policies.FrequencyCap,
            policies.Canary, policies.Breaker, policies.SimilarText, policies.ReplyLane);
    }
}

/// <summary>Whatever is above the rate: what lies in the column <c>whatsapp_pacing.policies</c>.</summary>
public sealed record PacingPolicies(
    int? DailyCap, WarmUp? WarmUp, QuietHours? QuietHours, FrequencyCap? FrequencyCap, Canary? Canary, Breaker? Breaker,
    SimilarText? SimilarText, bool ReplyLane)
{
    public static PacingPolicies Of(Pacing pacing) => new(
        pacing.DailyCap, pacing.WarmUp, pacing.QuietHours, pacing.FrequencyCap, pacing.Canary, pacing.Breaker, pacing.SimilarText,
        pacing.ReplyLane);

    public static PacingPolicies FromJson(string json) => JsonSerializer.Deserialize<PacingPolicies>(json, JsonConventions.Options)!;
}

/// <param name="NumberSince">When the number came into use.</param>
/// <param name="FirstDay">Messages on its first day.</param>
/// <param name="Growth">Factor from one day to the next.</param>
/// <param name="Ceiling">Where the ramp ends.</param>
public sealed record WarmUp(DateTimeOffset NumberSince, int FirstDay, double Growth, int Ceiling);

/// <param name="From">HH:mm in the client's time zone; may be later than <paramref name="To"/>: over midnight.</param>
/// <param name="Days">Days that are quiet as a whole: <c>mon</c> … <c>sun</c>.</param>
public sealed record QuietHours(string From, string To, IReadOnlyList<string> Days);

public sealed record FrequencyCap(int Messages, int PerDays);

public sealed record Canary(int First, int WaitSeconds, double MaxFailedRatio);

public sealed record Breaker(int MinSample, double FailedRatio, int CoolDownSeconds);

/// <param name="MaxShare">Of a day's messages that may read nearly the same.</param>
public sealed record SimilarText(int MinSample, double MaxShare);
