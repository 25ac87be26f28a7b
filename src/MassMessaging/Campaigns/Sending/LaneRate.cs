namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// A lane's rate: at most <paramref name="Messages"/> in any half-open window of <paramref name="Window"/>, at the gateway.
/// </summary>
/// <param name="Spread">Evenly spaced; else as fast as the window allows.</param>
/// <param name="Jitter">0..1: up to this part of a spacing is added (never taken away) at random.</param>
/// <param name="Burst">This many may go together, then the spacing catches up; null is one.</param>
/// <param name="MaxInFlight">Calls at once; null is chosen from the rate.</param>
public sealed record LaneRate(int Messages, TimeSpan Window, bool Spread = true, double Jitter = 0, int? Burst = null, int? MaxInFlight = null)
{
    public static readonly TimeSpan MostSlack = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ShortLife = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// δ: how long after its slot's start a send may reach the gateway. A permit expires after half of it; the other half is for the way.
    /// It is what makes the window hold there, and it costs δ/W of the rate, so it is never more than a twentieth of the window.
    /// </summary>
    public TimeSpan Slack => Window / 20 < MostSlack ? Window / 20 : MostSlack;

    public TimeSpan PermitLife => Slack / 2;

    /// <summary>A short life is not begun before the mark is likely committed.</summary>
    public TimeSpan Lead => PermitLife < ShortLife ? ShortLife / 2 : TimeSpan.Zero;

    /// <summary>Spacing of slots in the long run: N slots per W + δ.</summary>
    public TimeSpan Spacing => (Window + Slack) / Messages;

    /// <summary>So many slots may start together before <see cref="Spacing"/> holds the next one back.</summary>
    public int Together => Spread ? Math.Clamp(Burst ?? 1, 1, Messages) : Messages;

    /// <summary>The same rate under a ceiling: never more than this together, nor in any second in the long run.</summary>
    public LaneRate AtMost(int perSecond) =>
        Messages > perSecond * Window.TotalSeconds ? this with { Messages = perSecond, Window = TimeSpan.FromSeconds(1) }
        : Together > perSecond ? this with { Spread = true, Burst = perSecond }
        : this;

    /// <summary>1 up to 5 messages a second; above, one second's worth of calls, at most 64.</summary>
    public int CallsAtOnce => MaxInFlight ?? (Messages <= 5 * Window.TotalSeconds ? 1 : Math.Clamp((int)(Messages / Window.TotalSeconds), 2, 64));
}
