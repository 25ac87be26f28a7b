using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.OpenApi;

/// <summary>Runs when all specs that run side by side are over: xunit leaves such collections to the end.</summary>
[CollectionDefinition(nameof(AtTheEnd), DisableParallelization = true)]
public sealed class AtTheEnd;

[Collection(nameof(AtTheEnd))]
public sealed class ProvokedCodesSpecs(TestApp app) : IClassFixture<TestApp>
{
    /// <summary>What any route may refuse with for the same reason, in code that all share: one route's spec is every route's.</summary>
    private static readonly string[] OncePerService =
    [
        "internal-error", "rate-limited", "changed-meanwhile", "database-unavailable", "idempotency-key-invalid", "idempotency-key-reused",
        "idempotency-in-progress", "idempotency-answer-not-kept", "body-too-large", "cross-site-request",
    ];

    /// <summary>What no spec in this process can cause, and why that is so.</summary>
    private static readonly Dictionary<string, string> Unprovoked = new()
    {
        ["database-unavailable"] = "the database of all specs would have to go away: Crash/OutageSpecs takes that of a process of its own",
        ["request-timeout"] = "HttpClient sends what it has: SlowRequestSpecs speaks to the socket itself",
        ["changed-meanwhile"] = "five conflicts in a row on one stream: StoreSpecs holds the store to it",
        ["POST /api/auth/resetPassword password-too-weak"] = "nothing reads the mails of specs, so no code of one is ever right",
        ["GET /api/webhooks/whatsapp-cloud validation-failed"] = "its query is Meta's: whatever else it holds is a wrong token",
        ["POST /api/webhooks/evolution/{instance}/{kind} webhook-not-stored"] = "one handler with the route without a kind, which has the spec",
    };

    /// <summary>Codes without a spec: the list only gets shorter, since what is answered must not stand in it.</summary>
    private static readonly string[] WithoutSpec =
    [
        "GET /api/whatsapp/status gateway-refused",
        "GET /api/whatsapp/status phone-number-taken",
        "GET /api/whatsapp/templates gateway-unavailable",
        "POST /api/campaigns/{id}/test-send gateway-unavailable",
        "POST /api/whatsapp/connect gateway-refused",
        "POST /api/whatsapp/connect phone-number-taken",
        "POST /api/whatsapp/disconnect gateway-refused",
        "POST /api/whatsapp/disconnect phone-number-taken",
    ];

    [Fact]
    public async Task Every_code_of_every_route_was_answered_to_some_spec()
    {
        if (NotStarted() is { Count: > 0 }) Assert.Skip("Not all specs ran: only a whole run can tell.");

        var documented = (await ContractHandler.Contract(app.Address)).Documented().Where(answer => answer.Code is not null).ToList();
        var seen = Contract.Seen.Keys.Select(answer => $"{answer.Operation} {answer.Code}").ToHashSet();
        var anywhere = Contract.Seen.Keys.Select(answer => answer.Code).ToHashSet();

        var never = documented
            .Where(answer => !Unprovoked.ContainsKey(answer.Code!) && !Unprovoked.ContainsKey($"{answer.Operation} {answer.Code}"))
            .Where(answer => OncePerService.Contains(answer.Code) ? !anywhere.Contains(answer.Code) : !seen.Contains($"{answer.Operation} {answer.Code}"))
            .Select(answer => $"{answer.Operation} {answer.Code}").Except(WithoutSpec).Order(StringComparer.Ordinal).ToList();
        Assert.True(never.Count == 0, $"No spec was answered:\n{string.Join("\n", never)}");
        Assert.Equal([], WithoutSpec.Where(seen.Contains));
    }

    /// <summary>Classes that take an app and were not begun: a filter left them out.</summary>
    private static List<string> NotStarted() =>
    [
        .. typeof(TestApp).Assembly.GetTypes()
            .Where(type => type.GetInterfaces().Contains(typeof(IClassFixture<TestApp>)))
            .Select(type => type.FullName!)
            .Except(TestApp.StartedFor),
    ];
}
