using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>Who is not Meta: nothing of it is stored, and nobody's token is guessed.</summary>
public sealed class ForgedCloudWebhookSpecs(TestCluster cluster)
{
    private const string Waiting = "select count(*) from message where queue = 'receipts'";

    [Fact]
    public async Task No_forgery_of_Metas_is_stored()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions());
        var (victim, mallory) = (await CloudAdvisor.Of(app), await CloudAdvisor.Of(app));
        var body = victim.About("\"statuses\":[{\"id\":\"wamid.X\",\"status\":\"read\",\"timestamp\":\"1770000000\",\"recipient_id\":\"5491155000000\"}]");
        var right = CloudAdvisor.Sign(body, victim.Number.Account.AppSecret);
        using var client = app.Anonymous();
        var attempts = 0;
        async Task Refused(byte[] bytes, string? signature, HttpStatusCode expected = HttpStatusCode.Unauthorized, string? encoding = null, bool isForgotten = false)
        {
            attempts++;
            using var request = new HttpRequestMessage(HttpMethod.Post, CloudAdvisor.Route) { Content = new ByteArrayContent(bytes) };
            if (signature is not null) request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature);
            if (encoding is not null) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            using var answer = await client.SendAsync(request);
            Assert.True(answer.StatusCode == expected || (isForgotten && answer.StatusCode == HttpStatusCode.OK), $"{signature}: {answer.StatusCode}");
        }

        var text = Encoding.UTF8.GetBytes(body);
        foreach (var signature in Signatures(right, body, victim, mallory)) await Refused(text, signature);
        for (var place = 0; place < 64; place++) // every digit of it, by one bit
            await Refused(text, string.Create(right.Length, (right, place), (sign, from) =>
            {
                from.right.CopyTo(sign);
                sign[7 + from.place] = $"{Convert.ToInt32($"{sign[7 + from.place]}", 16) ^ 1:x}"[0];
            }));
        // Every byte by one bit. What names no number any more, or one that nobody has, is answered 200 and forgotten.
        for (var place = 0; place < text.Length; place++)
            await Refused([.. text[..place], (byte)(text[place] ^ 1), .. text[(place + 1)..]], right, isForgotten: true);

        await Refused([.. text, (byte)'\n'], right);
        await Refused([.. " "u8, .. text], right);
        await Refused([.. "\uFEFF"u8, .. text], right, isForgotten: true);
        await Refused(Encoding.UTF8.GetBytes(mallory.About("\"statuses\":[]")), right);
        await Refused(Compressed(text), right, encoding: "gzip", isForgotten: true);
        await Refused(text, CloudAdvisor.Sign(Convert.ToBase64String(Compressed(text)), victim.Number.Account.AppSecret), encoding: "gzip");
        await Refused([.. text, .. new byte[3 * 1024 * 1024]], right, HttpStatusCode.RequestEntityTooLarge);

        Assert.Equal(0, await app.Database.Value<long>(Waiting));
        var guesses = await Handshakes(client, victim, mallory);
        TestContext.Current.TestOutputHelper?.WriteLine($"{attempts} forged webhooks and {guesses} forged handshakes of Meta's, all refused");
        Assert.True(attempts >= 150, $"only {attempts}");
        Assert.Equal(HttpStatusCode.OK, (await victim.Notify(body)).StatusCode); // and the right one is taken
    }

    private static async Task<int> Handshakes(HttpClient client, CloudAdvisor victim, CloudAdvisor mallory)
    {
        var token = victim.VerifyToken;
        string[] wrong =
        [
            "", token[..^1], token + "0", token.ToUpperInvariant(), $"%20{token}", $"{token}%00", "*", "%25", "%27%20or%20%271%27=%271",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))),
            victim.Number.Account.AppSecret, $"{token},{mallory.VerifyToken}", "null", "undefined", $"{token}&hub.verify_token=x",
        ];
        foreach (var shown in wrong)
        {
            using var answer = await client.GetAsync(new Uri($"{CloudAdvisor.Route}?hub.mode=subscribe&hub.verify_token={shown}&hub.challenge=1", UriKind.Relative));
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{shown}: {answer.StatusCode}");
        }

        return wrong.Length;
    }

    [SuppressMessage("Security", "CA5350", Justification = "Meta's older header: a forger would try it.")]
    private static string?[] Signatures(string right, string body, CloudAdvisor victim, CloudAdvisor mallory) =>
    [
        null, "", "sha256=", right[7..], right[..^1], right + "0", $" {right} x", $"sha1={right[7..]}", $"SHA256={right[7..]}",
        $"sha512={right[7..]}", $"sha256:{right[7..]}", $"{right}, {right}", $"sha256={new string('0', 64)}",
        $"sha256={new string('g', 64)}", $"sha256={Convert.ToBase64String(Convert.FromHexString(right[7..]))}",
        $"sha1={Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.UTF8.GetBytes(victim.Number.Account.AppSecret), Encoding.UTF8.GetBytes(body)))}",
        $"sha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(victim.Number.Account.AppSecret + body)))}",
        CloudAdvisor.Sign(body, mallory.Number.Account.AppSecret), CloudAdvisor.Sign(body, ""), CloudAdvisor.Sign(body, victim.VerifyToken), CloudAdvisor.Sign(body, victim.Number.Account.AccessToken),
        CloudAdvisor.Sign(body, victim.Number.Id), CloudAdvisor.Sign(body, victim.Number.Account.AppSecret.ToUpperInvariant() + "x"), CloudAdvisor.Sign("", victim.Number.Account.AppSecret), CloudAdvisor.Sign(body + " ", victim.Number.Account.AppSecret),
    ];

    private static byte[] Compressed(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest)) gzip.Write(bytes);
        return to.ToArray();
    }
}
