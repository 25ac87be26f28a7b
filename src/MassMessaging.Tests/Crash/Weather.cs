namespace MassMessaging.Tests.Crash;

internal enum Loss
{
    None,

    /// <summary>Nothing goes either way, and nobody is told; what waits goes on when it is over, as TCP sends again.</summary>
    Everything,

    /// <summary>As a router that forgot: nothing goes, and when it is over the connections are gone.</summary>
    Connections,

    /// <summary>The same, and the near side is never told: it waits for as long as it is patient.</summary>
    Silence,

    /// <summary>Connections are reset, and new ones too.</summary>
    Reset,

    /// <summary>What is asked arrives; the connection is reset in the place of the answer.</summary>
    Answers,

    /// <summary>The same, but only of transactions: whether one was committed is not told.</summary>
    Commits,
}

/// <param name="Delay">Of each piece, in both directions.</param>
/// <param name="BytesPerSecond">0: as fast as may be.</param>
internal sealed record Weather(TimeSpan Delay = default, int BytesPerSecond = 0, Loss Loss = Loss.None)
{
    public static Weather Fine { get; } = new();

    /// <summary>How long so many bytes take; no timer is shorter than a millisecond.</summary>
    public TimeSpan For(int bytes) =>
        BytesPerSecond == 0 ? Delay : Delay + TimeSpan.FromMilliseconds(Math.Max(1, bytes * 1000.0 / BytesPerSecond));

    public override string ToString() => Loss switch
    {
        Loss.Everything => "hangs",
        Loss.Connections => "hangs, then is gone",
        Loss.Silence => "hangs for ever",
        Loss.Reset => "resets",
        Loss.Answers => "loses answers",
        Loss.Commits => "loses answers to commits",
        _ => Delay > TimeSpan.Zero ? $"{Delay.TotalMilliseconds} ms late" : $"{BytesPerSecond} bytes/s",
    };
}
