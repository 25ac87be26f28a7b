using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.OpenApi;

/// <summary>The document by itself: whoever generates a client from it has all that is needed.</summary>
public sealed class DocumentSpecs(TestApp app) : IClassFixture<TestApp>
{
    /// <summary>Of the gateway that is not chosen: which fields there are tells which it is.</summary>
    private static readonly string[] OfOneGateway = ["instance", "phoneNumberId", "wabaId"];

    [Fact]
    public async Task Every_operation_has_an_id_of_its_own_a_summary_and_a_group()
    {
        var contract = await Contract();
        var ids = contract.All().Select(route => route.Operation.GetProperty("operationId").GetString()).ToList();

        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ids, id => Assert.Matches("^[a-z][a-zA-Z0-9]+$", id));
        Assert.All(contract.All(), route =>
        {
            Assert.NotEmpty(route.Operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(route.Operation.GetProperty("tags").EnumerateArray());
        });
    }

    [Fact]
    public async Task Every_body_asked_or_answered_has_a_schema_and_an_example_that_keeps_to_it()
    {
        var document = await app.Anonymous().Get("/openapi/v1.json");
        var schemas = new AnswerSchema(document);

        Assert.All(Bodies(document, schemas), body =>
        {
            Assert.True(body.Media.TryGetProperty("schema", out var schema), $"{body.Of} has no schema");
            Assert.True(body.Media.TryGetProperty("example", out var example), $"{body.Of} has no example");
            if (body.Type.EndsWith("json", StringComparison.Ordinal))
                Assert.True(schemas.Wrong(schema, example, "example") is null, $"{body.Of}: {schemas.Wrong(schema, example, "example")}");
        });
    }

    [Fact]
    public async Task What_an_answer_can_hold_it_holds_always()
    {
        var document = await app.Anonymous().Get("/openapi/v1.json");
        var schemas = new AnswerSchema(document);
        var answered = Bodies(document, schemas).Where(body => body.Of.Contains("answers", StringComparison.Ordinal) && body.Type == "application/json");

        Assert.All(answered, body => Assert.Equal([], LeftOut(schemas, body.Media.GetProperty("schema"), body.Of, 0)));
    }

    [Fact]
    public async Task Every_part_of_a_path_is_a_parameter() => Assert.All((await Contract()).All(), route =>
    {
        var parts = route.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'));
        Assert.Equal(parts.Order(), Parameters(route.Operation, "path").Order());
    });

    [Fact]
    public async Task Who_must_sign_in_is_told_so_and_may_repeat_a_post() => Assert.All((await Contract()).All(), route =>
    {
        var isOpen = route.Path.StartsWith("/health", StringComparison.Ordinal) || route.Path.StartsWith("/api/webhooks", StringComparison.Ordinal)
            || route.Path.StartsWith("/api/public", StringComparison.Ordinal)
            || (route.Path.StartsWith("/api/auth", StringComparison.Ordinal) && !route.Path.Contains("/manage/", StringComparison.Ordinal)
                && !route.Path.EndsWith("/stream-ticket", StringComparison.Ordinal));
        var takesNoKey = (isOpen && !route.Path.EndsWith("/health-survey", StringComparison.Ordinal))
            || route.Method != "POST" || route.Path.StartsWith("/api/auth", StringComparison.Ordinal)
            || route.Path is "/api/api-keys" or "/api/clients/import" or "/api/whatsapp/connect" or "/api/audit/verify";

        Assert.Equal(!isOpen, route.Operation.TryGetProperty("security", out var security) && security.GetArrayLength() >= 2);
        Assert.True(isOpen || route.Operation.GetProperty("responses").TryGetProperty("401", out _));
        Assert.Equal(!takesNoKey, Parameters(route.Operation, "header").Contains("Idempotency-Key"));
    });

    private static IEnumerable<string> LeftOut(AnswerSchema schemas, JsonElement schema, string path, int depth)
    {
        var shape = schemas.Resolved(schema);
        if (depth > 5) return [];
        if (shape.TryGetProperty("oneOf", out var choices)) return choices.EnumerateArray().SelectMany(choice => LeftOut(schemas, choice, path, depth + 1));
        if (shape.TryGetProperty("items", out var items)) return LeftOut(schemas, items, $"{path}[]", depth + 1);
        if (!shape.TryGetProperty("properties", out var fields)) return [];

        var required = shape.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToList() : [];
        return fields.EnumerateObject().SelectMany(field => LeftOut(schemas, field.Value, $"{path}.{field.Name}", depth + 1)
            .Concat(required.Contains(field.Name) || OfOneGateway.Contains(field.Name) ? [] : [$"{path}.{field.Name}"]));
    }

    private static IEnumerable<(string Of, string Type, JsonElement Media)> Bodies(JsonElement document, AnswerSchema schemas) =>
        from route in new Contract(document).All()
        from body in Contents(schemas, route.Operation)
        from media in body.Content.EnumerateObject()
        select ($"{route.Method} {route.Path} {body.Of} {media.Name}", media.Name, media.Value);

    private static IEnumerable<(string Of, JsonElement Content)> Contents(AnswerSchema schemas, JsonElement operation)
    {
        if (operation.TryGetProperty("requestBody", out var asked)) yield return ("asks", asked.GetProperty("content"));
        foreach (var response in operation.GetProperty("responses").EnumerateObject())
        {
            if (schemas.Resolved(response.Value).TryGetProperty("content", out var content)) yield return ($"answers {response.Name}", content);
        }
    }

    private static IEnumerable<string> Parameters(JsonElement operation, string place) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == place)
                .Select(parameter => parameter.GetProperty("name").GetString()!)
            : [];

    private Task<Contract> Contract() => ContractHandler.Contract(app.Address);
}
