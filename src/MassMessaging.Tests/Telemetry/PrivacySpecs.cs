using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MassMessaging.Simulator;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Profiles.ApiKeys;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Telemetry;

[Collection(nameof(CampaignRun))]
public sealed class PrivacySpecs(TestCluster cluster)
{
    private const string Email = "zulema.quiroga@example.com";
    private const string WrongPassword = "Wrong-horse-9713";
    private const string Note = "Sufre de gota y llama a escondidas";
    private const string Text = "Una frase que nadie mas diria";
    private const string HookSecret = "secreto-del-gancho-8841-de-32-letras-o-mas";
    private const string HookPath = "camino-secreto-5521";

    /// <summary>As the gateway's faults are chosen by: not on WhatsApp, 500, timed out, closed at once, an answer in words.</summary>
    private static readonly string[] Phones = ["+5491156660001", "+5491156660002", "+5491156660009", "+5491156660007", "+5491156660025", "+5491158812207"];

    private static readonly string[] Names = ["Zoraida", "Ybarra", "Wenceslao", "Xiomara", "Quintiliano", "Urraca"];

    private readonly List<string> secrets = [WrongPassword, TestApp.Password, Email, Note, Text, HookSecret, HookPath, .. Names, .. Phones.Select(Digits)];

    [Fact]
    public async Task Neither_logs_nor_traces_nor_figures_hold_anything_of_a_person_or_any_secret()
    {
        var logs = new AllLogs();
        await using var receiver = await OtlpReceiver.Start();
        var settings = new Dictionary<string, string>(receiver.Settings.Concat(TestAppOptions.Unpaced))
        {
            ["Logging:LogLevel:MassMessaging"] = "Trace", ["NOTIFICATION_WEBHOOK_LOOPBACK"] = "true",
        };
        var app = await TestApp.Start(cluster, new TestAppOptions { Settings = settings, Logs = logs });
        using (var raw = new HttpClient { BaseAddress = app.Address })
        {
            var advisor = new Advisor(await app.Client(Email));
            raw.DefaultRequestHeaders.Authorization = advisor.Http.DefaultRequestHeaders.Authorization;
            secrets.Add(raw.DefaultRequestHeaders.Authorization!.Parameter!);
            secrets.AddRange([app.Simulator.ApiKey, app.Simulator.OpenAi.Key]);
            await Refused(app, raw);
            await Imported(raw);
            await Sent(app, advisor);
            await Hooked(app, advisor, raw);
            await Asked(advisor);
        }

        await app.DisposeAsync();

        Assert.NotEmpty(receiver.Spans);
        Assert.NotEmpty(receiver.Points);
        var told = logs.Said.Concat(receiver.Bodies.Select(Encoding.UTF8.GetString)).ToList();
        Assert.All(secrets.Distinct(), secret => Assert.DoesNotContain(told, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }

    private static string Digits(string phone) => phone[1..];

    /// <summary>Who may not come in, and what cannot be understood.</summary>
    private async Task Refused(TestApp app, HttpClient raw)
    {
        using var nobody = new HttpClient { BaseAddress = app.Address };
        await nobody.PostAsJsonAsync("/api/auth/login", new { email = Email, password = WrongPassword });
        await nobody.PostAsJsonAsync("/api/auth/register", new { email = Email, password = TestApp.Password });
        var key = await raw.HasKey(["read"]);
        secrets.Add(key.GetProperty("key").GetString()!);
        foreach (var token in (string[])[key.GetProperty("key").GetString()!, "mmk_wrong-key-7712"])
        {
            using var holder = new HttpClient { BaseAddress = app.Address };
            holder.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            await holder.GetAsync("/api/clients");
            await holder.PostAsJsonAsync("/api/clients", new { name = Names[0], phone = Phones[0] });
        }

        secrets.Add("mmk_wrong-key-7712");
        using var ticket = await raw.PostAsync("/api/auth/stream-ticket", null);
        secrets.Add((await ticket.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()!);
        await nobody.GetAsync($"/api/campaigns/{Guid.NewGuid()}/events?ticket={secrets[^1]}");
        await raw.GetAsync($"/api/clients?q={Uri.EscapeDataString(Phones[0])}");
        await raw.GetAsync($"/api/clients/{Digits(Phones[0])}");
        await raw.GetAsync($"/api/nowhere/{Names[0]}?phone={Digits(Phones[1])}");
        await raw.PostAsync("/api/clients", new StringContent($$"""{"name": "{{Names[0]}}", "phone": {{Digits(Phones[0])}}, """, Encoding.UTF8, "application/json"));
        await raw.PostAsJsonAsync("/api/clients", new { name = $"{Names[0]}\0", phone = $"{Phones[0]}x" });
    }

    private static async Task Imported(HttpClient raw)
    {
        var file = $"nombre,celular,nota\n{Names[1]},{Phones[5]},{Note}\n{Names[1]},no-{Digits(Phones[5])},x\n\"{Names[2]},{Phones[1]}\n";
        using var csv = new StringContent(file, Encoding.UTF8, "text/csv");
        await raw.PostAsync("/api/clients/import", csv);
    }

    /// <summary>A campaign whose gateway fails in every way that quotes the person.</summary>
    private async Task Sent(TestApp app, Advisor advisor)
    {
        foreach (var (name, phone) in Names.Zip(Phones.SkipLast(1))) await advisor.Post("/api/clients", new { name, phone });
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var stored = await app.Database.Value<string>("select webhook_secret from whatsapp_config");
        secrets.Add(app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("MassMessaging.WhatsApp.WebhookSecret").Unprotect(stored!));
        app.Simulator.Faults.Set(new Fault(FaultKind.ServerError, Number: Phones[1][^8..], Times: 1, Text: $"Cannot send to {Digits(Phones[1])}: {Text}"));
        var campaign = await advisor.HasDraft(new { all = true }, messageContent: $"{Text}, {{nombre_cliente}}");
        (await advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await app.Settle();
        await advisor.Post($"/api/campaigns/{campaign}/test-send", new { phone = Phones[5] });
        await app.Settle();
        Assert.NotEmpty(app.Simulator.Ledger.Entries);
        Assert.Contains(Digits(Phones[0]), await app.Database.Value<string>("select string_agg(error_message, ' ') from campaign_recipient"), StringComparison.Ordinal);
    }

    private static async Task Hooked(TestApp app, Advisor advisor, HttpClient raw)
    {
        await advisor.Put("/api/profile/webhook", new { url = $"{app.Simulator.Url}/{HookPath}?token={HookSecret}", secret = HookSecret });
        var instance = (await advisor.Get("/api/whatsapp/config"))["instance"].GetString();
        using var forged = new HttpRequestMessage(HttpMethod.Post, $"/api/webhooks/evolution/{instance}/{Digits(Phones[2])}?apikey={HookSecret}")
        {
            Content = JsonContent.Create(new { @event = "messages.upsert", data = new { pushName = Names[3], message = new { conversation = Text } } }),
        };
        forged.Headers.Add("X-Webhook-Secret", HookSecret);
        await raw.SendAsync(forged);
        await app.Settle();
    }

    private static async Task Asked(Advisor advisor)
    {
        await advisor.Post("/api/ai/messages/generate", new { objective = $"Saludar a {Names[4]} al {Phones[4]}: {Note}", tone = Text, count = 1 });
        await advisor.Post("/api/ai/messages/improve", new { message = $"{Text} {Names[4]}" });
    }
}
