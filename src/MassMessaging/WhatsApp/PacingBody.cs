using System.Globalization;
using MassMessaging.Http;

namespace MassMessaging.WhatsApp;

/// <summary>Reads a partial pacing: a missing field stays, null switches a policy off, and every wrong field is named.</summary>
internal static class PacingBody
{
    private static readonly string[] Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    public static Pacing Read(Fields body, Pacing current)
    {
        var pacing = new Pacing(
            body.Whole("messages", 1, 100_000) ?? current.Messages,
            body.Whole("perSeconds", 1, 86_400) ?? current.PerSeconds,
            body.Flag("spread") ?? current.Spread,
            body.Number("jitter", 0, 1) ?? current.Jitter,
            body.Has("burst") ? body.Whole("burst", 1, 100_000) : current.Burst,
            body.Has("maxInFlight") ? body.Whole("maxInFlight", 1, 64) : current.MaxInFlight,
            body.Has("dailyCap") ? body.Whole("dailyCap", 1, 10_000_000) : current.DailyCap,
            body.Has("warmUp") ? WarmUp(body.Object("warmUp")) : current.WarmUp,
            body.Has("quietHours") ? QuietHours(body.Object("quietHours")) : current.QuietHours,
            body.Has("frequencyCap") ? FrequencyCap(body.Object("frequencyCap")) : current.FrequencyCap,
            body.Has("canary") ? Canary(body.Object("canary")) : current.Canary,
            body.Has("breaker") ? Breaker(body.Object("breaker")) : current.Breaker,
            body.Has("similarText") ? SimilarText(body.Object("similarText")) : current.SimilarText,
            body.Flag("replyLane") ?? current.ReplyLane);
        if (pacing.Burst > pacing.Messages) body.Wrong("burst", "must not exceed messages");
        return pacing;
    }

    private static WarmUp? WarmUp(Fields? body) => body is null
        ? null
        : new(
            Required(body, "numberSince", body.Time),
            Required(body, "firstDay", name => body.Whole(name, 1, 1_000_000)),
            Required(body, "growth", name => body.Number(name, 1, 10)),
            Required(body, "ceiling", name => body.Whole(name, 1, 10_000_000)));

    private static FrequencyCap? FrequencyCap(Fields? body) => body is null
        ? null
        : new(Required(body, "messages", name => body.Whole(name, 1, 1000)), Required(body, "perDays", name => body.Whole(name, 1, 365)));

    private static Canary? Canary(Fields? body) => body is null
        ? null
        : new(
            Required(body, "first", name => body.Whole(name, 1, 100_000)),
            Required(body, "waitSeconds", name => body.Whole(name, 1, 86_400)),
            Required(body, "maxFailedRatio", name => body.Number(name, 0, 1)));

    private static Breaker? Breaker(Fields? body) => body is null
        ? null
        : new(
            Required(body, "minSample", name => body.Whole(name, 1, 100_000)),
            Required(body, "failedRatio", name => body.Number(name, 0, 1)),
            Required(body, "coolDownSeconds", name => body.Whole(name, 1, 86_400)));

    private static SimilarText? SimilarText(Fields? body) => body is null
        ? null
        : new(
            Required(body, "minSample", name => body.Whole(name, 1, 1_000_000)),
            Required(body, "maxShare", name => body.Number(name, 0, 1)));

    private static QuietHours? QuietHours(Fields? body)
    {
        if (body is null) return null;

        var days = body.Texts("days", 7, 3) ?? [];
        if (days.Except(Days, StringComparer.Ordinal).Any()) body.Wrong("days", $"must be of {string.Join(", ", Days)}");
        return new(Hour(body, "from"), Hour(body, "to"), [.. Days.Intersect(days, StringComparer.Ordinal)]);
    }

    private static string Hour(Fields body, string name)
    {
        var text = body.Text(name, 5, required: true);
        if (text is not null && !TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            body.Wrong(name, "must be a time of day, HH:mm");
        return text ?? "";
    }

    /// <summary>The fallback is never kept: a missing field is wrong.</summary>
    private static T Required<T>(Fields body, string name, Func<string, T?> read)
        where T : struct
    {
        if (read(name) is { } value) return value;

        if (!body.Has(name)) body.Wrong(name, "is required");
        return default;
    }
}
