using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassMessaging.Audit;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Audit;

/// <summary>Proofs over the API: exported and verified.</summary>
[Collection(nameof(AuditRun))]
public sealed class ProofSpecs(AuditRun run)
{
    [Fact]
    public async Task An_export_is_a_head_every_event_as_stored_and_checkpoints_and_is_valid()
    {
        var history = await run.History(run.Campaign);
        var lines = await run.Proof(run.Campaign);
        var events = lines.Skip(1).Take(history.Count).Select(line => JsonElement.Parse(line)).ToList();

        Assert.Equal("head", JsonElement.Parse(lines[0]).GetProperty("kind").GetString());
        Assert.Equal("checkpoint", JsonElement.Parse(lines[^1]).GetProperty("kind").GetString());
        Assert.Equal(history.Select(one => Canonical.Json(one.GetProperty("data"))), events.Select(one => Canonical.Json(one.GetProperty("data"))));
        Assert.All(events, one => Assert.Equal(64, one.GetProperty("hash").GetString()!.Length));
        var verdict = await run.Verify(lines);
        Assert.Equal($$"""{"valid":true,"events":{{history.Count}},"firstBad":null,"comparedWithLog":true}""", verdict.Body.ToString());
    }

    [Fact]
    public async Task Anybody_can_compute_the_chain_as_the_document_says()
    {
        var lines = (await run.Proof(run.Campaign)).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

        var hash = Sha($"massmessaging-proof-1 {lines[0]["profileId"]} {lines[0]["campaignId"]}");
        foreach (var line in lines.Where(line => line.ContainsKey("data")))
        {
            var claimed = line["hash"]!.ToString();
            line.Remove("hash");
            hash = Sha(hash + Sorted(line).ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
            Assert.Equal(claimed, hash);
        }

        Assert.Equal(lines[0]["hash"]!.ToString(), hash);
    }

    [Fact]
    public async Task Another_profile_can_verify_it_by_itself_only()
    {
        var verdict = await run.Verify(await run.Proof(run.Campaign), await Advisor.Of(run.App));

        Assert.True(verdict["valid"].GetBoolean());
        Assert.False(verdict["comparedWithLog"].GetBoolean());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("not json")]
    [InlineData("{\"kind\":\"head\"}")]
    [InlineData("{\"kind\":\"checkpoint\",\"format\":\"massmessaging-proof-1\",\"profileId\":\"01980c5e-6c1f-7c3a-9d51-2f6f3a1b4c7d\",\"campaignId\":\"01980c5e-6c1f-7c3a-9d51-2f6f3a1b4c7d\",\"events\":1,\"seq\":1,\"hash\":\"00\"}")]
    public async Task What_is_no_proof_is_said_to_be_none(string body) => (await run.Verify([body])).Is(HttpStatusCode.BadRequest, "proof-invalid");

    [Fact]
    public async Task What_has_no_canonical_form_is_no_proof()
    {
        var lines = await run.Proof(run.Campaign);
        var twice = lines[1][..^1] + ",\"seq\":1}";
        var half = lines[1][..^1] + ",\"more\":\"\\ud800\"}";

        (await run.Verify([lines[0], twice])).Is(HttpStatusCode.BadRequest, "proof-invalid");
        (await run.Verify([lines[0], half])).Is(HttpStatusCode.BadRequest, "proof-invalid");
    }

    [Fact]
    public async Task More_checkpoints_than_any_export_has_are_refused()
    {
        var lines = await run.Proof(run.Campaign);

        (await run.Verify([.. Enumerable.Repeat(lines[^1], 10_001)])).Is(HttpStatusCode.BadRequest, "proof-invalid");
    }

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_fills_the_memory() =>
        (await run.Verify([new string('x', 3 * 1024 * 1024)])).Is(HttpStatusCode.BadRequest, "proof-invalid");

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_unread()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/audit/verify") { Content = new Endless() };
        request.Headers.ExpectContinue = true;

        Assert.Equal((413, "body-too-large"), await run.Advisor.Http.SendAsync(request).Problem());
    }

    private static JsonNode Sorted(JsonNode node) => node switch
    {
        JsonObject named => new JsonObject(named.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : Sorted(member.Value)))),
        _ => node.DeepClone(),
    };

    private sealed class Endless : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new InvalidOperationException("It was not to be read.");

        protected override bool TryComputeLength(out long length)
        {
            length = 1L << 40;
            return true;
        }
    }
}
