using Microsoft.Extensions.Configuration;

namespace MassMessaging.Tests;

public sealed class SettingsSpecs
{
    [Fact]
    public void Nothing_configured_is_a_fine_configuration()
    {
        var settings = Read([]);

        Assert.Null(settings.Postgres);
        Assert.Equal(1200, settings.RateLimitPerMinute);
        Assert.Equal(Role.All, settings.Role);
    }

    [Fact]
    public void Every_mistake_is_named_at_once_as_the_environment_names_it()
    {
        var wrong = Assert.Throws<SettingsException>(() => Read(new()
        {
            ["ConnectionStrings:Postgres"] = "nonsense",
            ["EVOLUTION_API_URL"] = "gateway:8080",
            ["PUBLIC_URL"] = "ftp://example.com",
            ["RATE_LIMIT_PER_MINUTE"] = "many",
            ["Pacing:Messages"] = "0",
            ["TRUSTED_PROXIES"] = "10.0.0.0/8, nobody",
            ["CORS_ORIGINS"] = "example.com",
            ["NOTIFICATION_WEBHOOK_LOOPBACK"] = "perhaps",
            ["OPENAI_BASE_URL"] = "model",
            ["OPENAI_MODEL"] = "a model",
            ["OPENAI_TIMEOUT_SECONDS"] = "900",
            ["ASSISTANT_DAILY_COST"] = "two dollars",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector:4317",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "udp",
            ["OTEL_TRACES_SAMPLER"] = "sometimes",
            ["OTEL_TRACES_SAMPLER_ARG"] = "110 %",
            ["LOG_FORMAT"] = "xml",
            ["SMTP_URL"] = "smtp://mail.example.com",
            ["START_GRACE_MINUTES"] = "0",
            ["ROLE"] = "boss",
            ["DRAIN_SECONDS"] = "soon",
            ["DRAIN_DELAY_SECONDS"] = "-1",
            ["Auth:Authority"] = "http://login.example.com",
            ["Auth:Audience"] = "mass-messaging",
        }));

        string[] names =
        [
            "ASSISTANT_DAILY_COST", "Auth__Authority", "CORS_ORIGINS", "ConnectionStrings__Postgres", "DRAIN_DELAY_SECONDS",
            "DRAIN_SECONDS", "EVOLUTION_API_KEY", "EVOLUTION_API_URL", "LOG_FORMAT", "MAIL_FROM", "NOTIFICATION_WEBHOOK_LOOPBACK",
            "OPENAI_BASE_URL", "OPENAI_MODEL", "OPENAI_TIMEOUT_SECONDS", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL",
            "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG", "PUBLIC_URL", "Pacing__Messages", "RATE_LIMIT_PER_MINUTE", "ROLE",
            "START_GRACE_MINUTES",
            "TRUSTED_PROXIES",
        ];
        Assert.Equal(names, wrong.Mistakes.Select(mistake => mistake.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_mistake_never_repeats_a_secret()
    {
        var wrong = Assert.Throws<SettingsException>(() => Read(new() { ["ConnectionStrings:Postgres"] = "Password=hunter2;;=" }));

        Assert.DoesNotContain("hunter2", wrong.Message, StringComparison.Ordinal);
    }

    private static Settings Read(Dictionary<string, string?> values) =>
        Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
