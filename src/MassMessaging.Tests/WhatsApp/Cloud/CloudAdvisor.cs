using System.Net;
using System.Security.Cryptography;
using System.Text;
using MassMessaging.Simulator.Cloud;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>An advisor with a number of their own at the simulated Meta.</summary>
internal sealed class CloudAdvisor(TestApp app, Advisor advisor, CloudNumber number)
{
    public const string Route = "/api/webhooks/whatsapp-cloud";

    public Advisor Advisor => advisor;

    public CloudNumber Number => number;

    public string Instance => CloudInstance.Of(number.Id);

    public string VerifyToken => $"verify-{number.Id}";

    /// <param name="connects">Then the token was checked and webhooks come.</param>
    public static async Task<CloudAdvisor> Of(TestApp app, bool connects = true)
    {
        var advisor = new CloudAdvisor(app, await Advisor.Of(app), app.Simulator.Cloud.Add(new CloudNumberOptions()));
        (await advisor.Configures()).Is(HttpStatusCode.OK);
        if (connects) (await advisor.Advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        return advisor;
    }

    public Task<Answer> Configures(string? accessToken = null, Advisor? by = null) => (by ?? advisor).Put("/api/whatsapp/config", new
    {
        gateway = "cloud", phoneNumberId = number.Id, wabaId = number.Account.Id, accessToken = accessToken ?? number.Account.AccessToken,
        appSecret = number.Account.AppSecret, verifyToken = VerifyToken,
    });

    public string Writes(string from, string text = "Hola") => app.Simulator.Cloud.Receive(new(number.Id, from, text));

    public Task<HttpResponseMessage> Notify(string body, string? secret = null) => Notify(app, body, secret ?? number.Account.AppSecret);

    public static async Task<HttpResponseMessage> Notify(TestApp app, string body, string? secret, string? signature = null)
    {
        using var client = app.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, Route) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        signature ??= secret is null ? null : Sign(body, secret);
        if (signature is not null) request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature);
        return await client.SendAsync(request);
    }

    public static string Sign(string body, string secret) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)))}";

    /// <summary>A notification about this number.</summary>
    public string About(string value) => About(number.Id, value);

    public static string About(string phoneNumberId, string value) =>
        $$$"""{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{{{Change(phoneNumberId, value)}}}]}]}""";

    public static string Change(string phoneNumberId, string value) =>
        $$$"""{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"phone_number_id":"{{{phoneNumberId}}}"},{{{value}}}}}""";
}
