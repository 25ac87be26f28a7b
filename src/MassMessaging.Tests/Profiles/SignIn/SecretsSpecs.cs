using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Http.Json;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Profiles.ApiKeys;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MassMessaging.Tests.Profiles.SignIn;

/// <summary>What must never be read by whoever reads the database, the log or an answer.</summary>
public sealed class SecretsSpecs(TestCluster cluster)
{
    private const string Config = "/api/whatsapp/config";

    private static readonly string[] OfMeta = ["EAAB-access-token-1234567890", "0123456789abcdef0123456789abcdef", "verify-token-1234567890"];

    /// <summary>ASP.NET Core's format 1: a marker, the function (2 is HMAC with SHA-512), the iterations, salt and hash.</summary>
    [Fact]
    public async Task A_password_is_kept_by_a_hash_that_is_slow_to_guess()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions { PasswordRounds = null });
        await app.Client();

        var kept = Convert.FromBase64String((await app.Database.Value<string>("select password_hash from account"))!);

        Assert.Equal((1, 2u), (kept[0], BinaryPrimitives.ReadUInt32BigEndian(kept.AsSpan(1))));
        Assert.True(BinaryPrimitives.ReadUInt32BigEndian(kept.AsSpan(5)) >= 100_000);
    }

    [Fact]
    public async Task No_row_no_answer_and_no_line_of_the_log_holds_a_secret()
    {
        using var log = new Lines();
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Logs = log });
        var advisor = await app.Client();
        List<string> secrets = [.. OfMeta, "signing-secret-1234567890", TestApp.Password, advisor.DefaultRequestHeaders.Authorization!.Parameter!];
        var answers = new List<string>
        {
            await Text(advisor.PostAsync("/api/whatsapp/connect", null)), // makes the secret of the instance's webhooks
            await Text(advisor.PutAsJsonAsync(Config, new
            {
                gateway = "cloud", phoneNumberId = "106540352242922", wabaId = "102290129340398",
                accessToken = OfMeta[0], appSecret = OfMeta[1], verifyToken = OfMeta[2],
            })),
            await Text(advisor.GetAsync(Config)),
            await Text(advisor.PutAsJsonAsync("/api/profile/webhook", new { url = "https://93.184.215.14/hook", secret = secrets[3] })),
            await Text(advisor.GetAsync("/api/profile/webhook")),
            await Text(app.Anonymous().GetAsync($"/api/webhooks/whatsapp-cloud?hub.mode=subscribe&hub.verify_token={OfMeta[2]}&hub.challenge=1")),
        };
        var key = (await advisor.HasKey(["read"])).GetProperty("key").GetString()!;
        await Text(app.With(key).GetAsync("/api/profile"));
        await Text(app.With(key[..^1]).GetAsync("/api/profile"));
        var ticket = (await (await advisor.PostAsync("/api/auth/stream-ticket", null)).Json()).GetProperty("ticket").GetString()!;
        using (await app.Anonymous().GetAsync($"/api/notifications/events?ticket={ticket}", HttpCompletionOption.ResponseHeadersRead))
        using (await app.Anonymous().GetAsync($"/api/notifications/events?ticket={ticket}"))
        {
            // Once let in, once not: either may be worth a line.
        }

        using var offered = await advisor.PostAsJsonAsync("/api/auth/manage/2fa", new { });
        var protector = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("MassMessaging.WhatsApp.WebhookSecret");
        var kept = await app.Database.Value<string>("select webhook_secret from whatsapp_config");
        secrets.AddRange([protector.Unprotect(kept!), key[^43..], ticket, (await offered.Json()).GetProperty("sharedKey").GetString()!]);
        await app.Drain();

        var rows = await Rows(app);
        Assert.All(secrets, secret =>
        {
            Assert.False(rows.Contains(secret, StringComparison.Ordinal), $"{secret} stands in the database");
            Assert.DoesNotContain(answers, answer => answer.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(log.All, line => line.Contains(secret, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task What_an_older_key_encrypted_is_read_by_every_node_after_a_new_one_came()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions());
        var advisor = await app.Client();
        using var offered = await advisor.PostAsJsonAsync("/api/auth/manage/2fa", new { });
        var shared = (await offered.Json()).GetProperty("sharedKey").GetString();
        var now = TimeProvider.System.GetUtcNow(); // Data Protection knows no other clock

        app.Services.GetRequiredService<IKeyManager>().CreateNewKey(now, now.AddDays(90));
        await using var other = await app.Beside(cluster);
        var later = other.With(advisor.DefaultRequestHeaders.Authorization!.Parameter!);
        using var again = await later.PostAsJsonAsync("/api/auth/manage/2fa", new { });

        Assert.Equal(shared, (await again.Json()).GetProperty("sharedKey").GetString());
        Assert.Equal(2L, await app.Database.Value<long>("select count(*) from data_protection_key"));
    }

    private static async Task<string> Rows(TestApp app)
    {
        var tables = await app.Database.Value<string[]>(
            "select array_agg(tablename::text) from pg_tables where schemaname = current_schema()");
        var rows = new List<string>();
        foreach (var table in tables!) rows.Add(await app.Database.Value<string>($"select string_agg(t::text, E'\\n') from \"{table}\" t") ?? "");
        return string.Join('\n', rows);
    }

    private static async Task<string> Text(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        return await answer.Content.ReadAsStringAsync();
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> lines = new();

        public IReadOnlyCollection<string> All => lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // The lines are looked at after the service has gone.
        }
    }
}
