using System.Globalization;

namespace MassMessaging.Tests.Telemetry;

[Collection(nameof(CampaignRun))]
public sealed class TraceSpecs(CampaignRun run)
{
    private IReadOnlyList<Span> OfTrace => [.. run.Spans.Where(span => span.TraceId == run.Request.TraceId)];

    private IReadOnlyList<Span> Calls => [.. OfTrace.Where(span => span.Name == "send message")];

    private IReadOnlyList<Span> Receipts => [.. OfTrace.Where(span => span.Name == "process receipt")];

    [Fact]
    public void One_trace_goes_from_the_request_over_the_plan_to_each_call_and_its_receipts()
    {
        Assert.Contains(OfTrace, span => span.Name == "process launch" && span.Tags["massmessaging.message.type"] == "plan_audience");
        Assert.Equal(2, Calls.Count);
        Assert.All(Calls, call => Assert.Equal("accepted", call.Tags["massmessaging.outcome"]));
        Assert.All(Calls, call => Assert.Equal(
            ["delivered", "read"],
            Receipts.Where(receipt => receipt.ParentId == call.SpanId).Select(receipt => receipt.Tags["massmessaging.receipt"]).Distinct().Order()));
    }

    [Fact]
    public void Plan_and_calls_go_on_from_the_request_itself() => Assert.All(
        OfTrace.Where(span => span.Name is "process launch" or "send message"), span => Assert.Equal(run.Request.SpanId, span.ParentId));

    [Fact]
    public void A_receipt_is_linked_to_the_send_of_its_message() => Assert.All(
        Receipts, receipt => Assert.Contains($"{receipt.TraceId}-{receipt.ParentId}", receipt.Links));

    [Fact]
    public void A_receipt_that_came_with_a_webhook_is_linked_to_that_request()
    {
        var webhooks = run.Spans.Where(span => span.Tags.GetValueOrDefault("http.route", "").Contains("webhooks/evolution", StringComparison.Ordinal))
            .Select(span => $"{span.TraceId}-{span.SpanId}").ToHashSet();

        Assert.Contains(Receipts, receipt => receipt.Links.Any(webhooks.Contains));
        Assert.Contains(
            run.Spans, span => span.Name == "process receipts" && span.TraceId != run.Request.TraceId && span.Links.Any(webhooks.Contains));
    }

    [Fact]
    public void The_gateways_own_time_lies_within_each_call() => Assert.All(
        Calls, call => Assert.Contains(OfTrace, span => span.ParentId == call.SpanId && span.Source == "System.Net.Http"));

    [Fact]
    public void A_statement_is_told_with_its_text_and_within_what_asked_for_it()
    {
        var statements = OfTrace.Where(span => span.Source == "Npgsql").ToList();

        Assert.NotEmpty(statements);
        Assert.All(statements, statement => Assert.NotEqual("", statement.ParentId));
        Assert.Contains(statements, statement => statement.Tags.GetValueOrDefault("db.query.text", "").Contains("mt_events", StringComparison.Ordinal));
    }

    [Fact]
    public void A_request_is_told_by_its_route_and_answer_and_never_by_its_address()
    {
        Assert.Equal("202", run.Request.Tags["http.response.status_code"]);
        Assert.All(run.Spans, span => Assert.DoesNotContain(span.Tags.Keys, key => key is "url.path" or "url.query" or "url.full"));
    }

    [Fact]
    public void The_service_has_a_name() => Assert.Equal(["massmessaging"], run.Services);

    [Fact]
    public void Ids_in_a_span_are_those_of_the_api() => Assert.All(
        Calls, call => Assert.Equal(run.Profile.ToString("D", CultureInfo.InvariantCulture), call.Tags["massmessaging.profile"]));
}
