using System.Collections.Concurrent;

namespace MassMessaging.Simulator.Cloud;

/// <summary>A number to add; what is not given is made up.</summary>
/// <param name="Phone">Digits, as people see it.</param>
/// <param name="WebhookUrl">As if it had been set in the app's settings, without a handshake.</param>
public sealed record CloudNumberOptions(
    string? PhoneNumberId = null, string? WabaId = null, string? AccessToken = null, string? AppSecret = null, string? Phone = null,
    string? WebhookUrl = null);

/// <summary>A WhatsApp Business Account with the app that may use it: one token, one secret, one callback for all of its numbers.</summary>
public sealed class CloudAccount(string id, string accessToken, string appSecret)
{
    private volatile string? callback;
    private volatile bool isRevoked;
    private volatile bool isRestricted;

    public string Id { get; } = id;

    public string AccessToken { get; } = accessToken;

    public string AppSecret { get; } = appSecret;

    /// <summary>Where webhooks go; null: nowhere.</summary>
    public string? Callback
    {
        get => callback;
        set => callback = value;
    }

    /// <summary>The token has expired or was taken back: every call is 190.</summary>
    public bool IsRevoked
    {
        get => isRevoked;
        set => isRevoked = value;
    }

    /// <summary>Restricted for a violation: every send is 131031.</summary>
    public bool IsRestricted
    {
        get => isRestricted;
        set => isRestricted = value;
    }

    public ConcurrentDictionary<(string Name, string Language), CloudTemplate> Templates { get; } = new();
}

/// <summary>One registered number: its open windows, its throughput, and its pairs with people.</summary>
public sealed class CloudNumber(string id, CloudAccount account, string phone, CloudOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> lastWords = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TokenBucket> pairs = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    public CloudAccount Account { get; } = account;

    public string Phone { get; } = phone;

    /// <summary>Messages in and out together.</summary>
    internal TokenBucket Throughput { get; } = new(options.PerSecond, options.PerSecond, clock);

    public bool IsWindowOpen(string waId) =>
        lastWords.TryGetValue(waId, out var at) && clock.GetUtcNow() - at < options.Window;

    public void Open(string waId) => lastWords[waId] = clock.GetUtcNow();

    internal TokenBucket Pair(string waId) =>
        pairs.GetOrAdd(waId, _ => new TokenBucket(options.PairBurst, 1 / options.PairEvery.TotalSeconds, clock));
}

/// <summary>Meta's limits, as documented for an ordinary number.</summary>
public sealed record CloudOptions
{
    public int PerSecond { get; init; } = 80;

    /// <summary>To one person at once; then one in each <see cref="PairEvery"/>.</summary>
    public int PairBurst { get; init; } = 45;

    public TimeSpan PairEvery { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The customer service window, from the person's last message.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Updates that happen within this time come in one POST; zero: each in its own.</summary>
    public TimeSpan Batch { get; init; }

    /// <summary>From a template's creation to its approval.</summary>
    public TimeSpan Review { get; init; } = TimeSpan.FromMilliseconds(200);
}

/// <summary>Full at first; each take needs one.</summary>
internal sealed class TokenBucket(double capacity, double perSecond, TimeProvider clock)
{
    private readonly Lock gate = new();
    private double taken;
    private long lookedAt = clock.GetTimestamp();

    public bool Take()
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            taken = Math.Max(0, taken - (clock.GetElapsedTime(lookedAt, now).TotalSeconds * perSecond));
            lookedAt = now;
            if (taken > capacity - 1) return false;

            taken++;
            return true;
        }
    }
}
