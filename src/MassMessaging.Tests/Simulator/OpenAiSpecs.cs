using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MassMessaging.Tests.Simulator;

/// <summary>The simulated model as any OpenAI client meets it.</summary>
public sealed class OpenAiSpecs : ModelSpecs
{
    [Fact]
    public async Task An_answer_has_the_asked_shape()
    {
        using var answer = await Ask(Body());

        var json = await Json(answer);
        var variations = JsonDocument.Parse(Content(json)).RootElement.GetProperty("variations");
        var drafts = variations.EnumerateArray().Select(each => each.GetProperty("text").GetString()!).ToList();
        Assert.Equal(3, drafts.Distinct().Count());
        Assert.All(drafts, draft => Assert.Contains("{nombre_cliente}", draft, StringComparison.Ordinal));
        var usage = json.GetProperty("usage");
        Assert.Equal("stop", json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(
            usage.GetProperty("total_tokens").GetInt32(),
            usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData("Write in Portuguese", "Olá")]
    [InlineData("language: en", "Hi")]
    [InlineData("Idioma: es", "Hola")]
    public async Task Drafts_are_in_the_asked_language(string prompt, string greeting)
    {
        using var answer = await Ask(Body(prompt));

        Assert.Contains(greeting, Content(await Json(answer)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another")]
    public async Task Without_the_key_nothing_is_answered(string? key)
    {
        Client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var answer = await Ask(Body());

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(Model.Requests);
    }

    [Fact]
    public async Task A_request_is_recorded_with_its_prompt()
    {
        using var answer = await Ask(Body("Objetivo: invitar"));

        var request = Assert.Single(Model.Requests);
        Assert.Equal(("gpt-test", 200, true, false), (request.Model, request.Status, request.Answered, request.Disconnected));
        Assert.Contains("Objetivo: invitar", request.Prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_low_limit_of_tokens_cuts_the_answer()
    {
        using var answer = await Ask(Body(more: ",\"max_completion_tokens\":5"));

        var json = await Json(answer);
        Assert.Equal("length", json.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(5, json.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task A_stream_ends_with_the_usage_and_done()
    {
        using var answer = await Ask(Body(more: ",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var lines = body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", lines[^1]);
        var chunks = lines[..^1].Select(line => JsonDocument.Parse(line["data: ".Length..]).RootElement).ToList();
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.True(chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32() > 0);
        var text = string.Concat(chunks[..^1].Select(Delta));
        Assert.Equal(3, JsonDocument.Parse(text).RootElement.GetProperty("variations").GetArrayLength());
    }
}
