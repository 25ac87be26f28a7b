using System.Globalization;

namespace MassMessaging.Campaigns.Receipts;

/// <summary>When the gateway is asked about messages that are sent and of which it told nothing more.</summary>
/// <param name="Ages">Of a message, in order: it is asked about once at each, and no more after the last.</param>
public sealed record ReceiptPull(IReadOnlyList<TimeSpan> Ages)
{
    public const string Setting = "RECEIPT_PULL";

    /// <summary>What the setting may be.</summary>
    public const string Pattern = @"\A(off|[1-9]\d{0,3})\z";

    private const int DefaultMinutes = 10;

    /// <summary>10 min, 1 h, 6 h and 24 h at the default.</summary>
    private static readonly int[] Multiples = [1, 6, 36, 144];

    /// <summary>A round over a campaign's messages begins so long after the one before it.</summary>
    public TimeSpan Pause(int step) => Ages[step] / 2;

    /// <summary><c>RECEIPT_PULL</c>: the first age in minutes, or <c>off</c>.</summary>
    public static ReceiptPull From(IConfiguration configuration) => Of(configuration[Setting]);

    public static ReceiptPull Of(string? setting) => Minutes(setting) is > 0 and var first
        ? new([.. Multiples.Select(multiple => TimeSpan.FromMinutes(first * multiple))])
        : new([]);

    private static int Minutes(string? setting) => setting switch
    {
        null or "" => DefaultMinutes,
        "off" => 0,
        _ => int.Parse(setting, CultureInfo.InvariantCulture),
    };
}
