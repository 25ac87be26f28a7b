using System.Net;
using MassMessaging.Assistant;
using MassMessaging.Campaigns.Launching;
using MassMessaging.Campaigns.Receipts;
using MassMessaging.Kernel;
using MassMessaging.Profiles.SignIn;
using MassMessaging.Telemetry;

namespace MassMessaging;

/// <summary>The configuration that the service itself needs, checked. Features read their own beside it.</summary>
/// <param name="Postgres">Null: the service starts a PostgreSQL of its own.</param>
/// <param name="EvolutionUrl">Null: the simulator stands in for the gateway.</param>
/// <param name="PublicUrl">Null: the service's own address.</param>
/// <param name="Mail">Null: no mail is sent.</param>
/// <param name="Drain">How long what is under way may go on after a SIGTERM, once no more requests are taken.</param>
/// <param name="DrainDelay">For how long requests are still taken then, while the node says that it is not ready.</param>
/// <param name="RebuildKeepsAfter">Events of a view's rebuild that a kill costs at most.</param>
public sealed record Settings(
    string? Postgres,
    string Schema,
    Uri? EvolutionUrl,
    Uri? PublicUrl,
    IReadOnlyList<string> CorsOrigins,
    IReadOnlyList<IPNetwork> TrustedProxies,
    int RateLimitPerMinute,
    int SignInsPerMinute,
    int SurveysPerMinute,
    int AssistantPerMinute,
    MailSettings? Mail,
    Role Role,
    TimeSpan Drain,
    TimeSpan DrainDelay,
    int RebuildKeepsAfter)
{
    /// <exception cref="SettingsException">Something is wrong; every mistake is named.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        var values = new SettingValues(configuration);
        values.BothOrNone("EVOLUTION_API_URL", "EVOLUTION_API_KEY");
        values.BothOrNone("SMTP_URL", "MAIL_FROM");
        values.BothOrNone("Auth:Authority", "Auth:Audience");
        values.HttpsUrl("Auth:Authority");
        values.Url("WHATSAPP_CLOUD_URL", "http", "https");
        values.Matching("WHATSAPP_CLOUD_VERSION", @"\Av\d{1,3}\.\d{1,3}\z", "a version as v23.0");
        values.Whole("Pacing:Messages", fallback: 50, min: 1, max: 100_000);
        values.Whole("Pacing:PerSeconds", fallback: 60, min: 1, max: 86_400);
        values.Whole(StartGrace.Setting, StartGrace.DefaultMinutes, min: 1, max: 7 * 24 * 60);
        values.Matching(ReceiptPull.Setting, ReceiptPull.Pattern, "whole minutes, or off");
        values.Flag("NOTIFICATION_WEBHOOK_LOOPBACK");
        values.Url("OPENAI_BASE_URL", "http", "https");
        values.Matching("OPENAI_MODEL", AssistantOptions.ModelPattern, "the name of a model");
        // Below what an Idempotency-Key's claim lives for.
        values.Whole("OPENAI_TIMEOUT_SECONDS", AssistantOptions.DefaultTimeoutSeconds, min: 1, max: 80);
        values.Whole("ASSISTANT_DAILY_TOKENS", AssistantOptions.DefaultDailyTokens, min: 0, max: 2_000_000_000);
        foreach (var dollars in (string[])["ASSISTANT_DAILY_COST", "OPENAI_PROMPT_PRICE", "OPENAI_COMPLETION_PRICE"])
            values.Matching(dollars, AssistantOptions.DollarsPattern, AssistantOptions.DollarsExpected);
        OpenTelemetrySettings.Check(values);
        var smtp = values.Url("SMTP_URL", "smtp", "smtps");
        var settings = new Settings(
            values.ConnectionString("ConnectionStrings:Postgres"),
            values.Name("DATABASE_SCHEMA", "mass_messaging"),
            values.Url("EVOLUTION_API_URL", "http", "https"),
            values.Url("PUBLIC_URL", "http", "https"),
            values.Origins("CORS_ORIGINS"),
            values.Networks("TRUSTED_PROXIES"),
            values.Whole("RATE_LIMIT_PER_MINUTE", fallback: 1200, min: 1, max: 10_000_000),
            values.Whole("SIGN_IN_LIMIT_PER_MINUTE", fallback: 30, min: 1, max: 10_000_000),
            values.Whole("SURVEY_LIMIT_PER_MINUTE", fallback: 10, min: 1, max: 10_000_000),
            values.Whole("ASSISTANT_LIMIT_PER_MINUTE", fallback: 20, min: 1, max: 10_000_000),
            smtp is null || values.Text("MAIL_FROM") is not { } from ? null : new MailSettings(smtp, from),
            values.OneOf("ROLE", Role.All),
            TimeSpan.FromSeconds(values.Whole("DRAIN_SECONDS", fallback: 20, min: 1, max: 3600)),
            TimeSpan.FromSeconds(values.Whole("DRAIN_DELAY_SECONDS", fallback: 0, min: 0, max: 3600)),
            values.Whole("REBUILD_KEEPS_AFTER", fallback: 1_000_000, min: 1, max: 100_000_000));
        values.ThrowIfWrong();
        return settings;
    }

    /// <summary>A node that only answers requests leaves the daemons to the workers.</summary>
    public KernelOptions Kernel(Surroundings surroundings) => new(surroundings.Postgres, Schema)
    {
        Daemons = Role != Role.Api, Rebuild = new RebuildOptions(RebuildKeepsAfter), DrainLimit = DrainDelay + Drain,
    };
}

/// <summary>The service cannot start as it is configured. The message is for whoever starts it.</summary>
public sealed class SettingsException(IReadOnlyList<string> mistakes)
    : Exception(string.Join(Environment.NewLine, mistakes.Select(mistake => $"  - {mistake}").Prepend("The configuration is wrong:")))
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
