namespace MassMessaging.Simulator;

/// <summary>How one simulated gateway behaves. The defaults are quick: a campaign of ten people is read within a few seconds.</summary>
public sealed record SimulatorOptions
{
    /// <summary>0 takes any free port of 127.0.0.1.</summary>
    public int Port { get; init; }

    /// <summary>The global key (`AUTHENTICATION_API_KEY` of the real gateway).</summary>
    public string ApiKey { get; init; } = "simulator-key";

    /// <summary>Whether a QR code is scanned by itself; else `POST /simulator/instances/{i}/scan` does it.</summary>
    public bool AutoOpen { get; init; } = true;

    /// <summary>From the QR code to `open`.</summary>
    public TimeSpan OpenDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long `connect` holds the call before it answers the QR code; 2 s in the real gateway.</summary>
    public TimeSpan QrDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether the last digits of a number choose a fault; see <see cref="MagicNumbers"/>.</summary>
    public bool MagicNumbers { get; init; } = true;

    public ReceiptOptions Receipts { get; init; } = new();

    public Cloud.CloudOptions Cloud { get; init; } = new();

    /// <summary>Any of them opens <c>/openai/v1</c>.</summary>
    public IReadOnlyList<string> OpenAiKeys { get; init; } = ["simulator-openai-key"];

    public RetryOptions Retries { get; init; } = new();

    /// <summary>The same seed, instance, number and text always have the same fate.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where instances are kept between runs; null: nowhere. Messages and the ledger are always in memory only.</summary>
    public string? StateFile { get; init; }

    /// <summary>The simulator's own clock: receipts, retries and the ledger run on it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>What comes back after an accepted message, in probabilities and ranges of delay (each from the message before it).</summary>
public sealed record ReceiptOptions
{
    /// <summary>SERVER_ACK is a receipt of an own device in the real gateway, and may never come.</summary>
    public double ServerAck { get; init; } = 0.9;

    public double Delivered { get; init; } = 0.98;

    /// <summary>Of those delivered.</summary>
    public double Read { get; init; } = 0.6;

    public DelayRange ServerAckAfter { get; init; } = new(20, 80);

    public DelayRange DeliveredAfter { get; init; } = new(100, 500);

    public DelayRange ReadAfter { get; init; } = new(200, 1500);
}

/// <summary>Milliseconds, both ends included.</summary>
public readonly record struct DelayRange(int From, int To)
{
    public static DelayRange None { get; } = new(0, 0);

    public TimeSpan At(double share) => TimeSpan.FromMilliseconds(From + ((To - From) * share));
}

/// <summary>The real gateway's webhook schedule: waits of 5, 10, 20 … 300 s, ten attempts.</summary>
public sealed record RetryOptions
{
    public int MaxAttempts { get; init; } = 10;

    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(300);

    public double Jitter { get; init; } = 0.2;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>0.001 turns the 5 s of the first wait into 5 ms.</summary>
    public double Scale { get; init; } = 1;
}
