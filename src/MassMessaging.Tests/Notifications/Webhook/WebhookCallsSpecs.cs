using System.Net;
using MassMessaging.Notifications.Webhook;

namespace MassMessaging.Tests.Notifications.Webhook;

public sealed class WebhookCallsSpecs
{
    private static readonly WebhookOptions Development = new(AllowLoopback: true, TimeSpan.FromSeconds(10));

    [Fact]
    public async Task What_answers_with_success_has_taken_it()
    {
        await using var receiver = await LocalReceiver.Answering(204);
        using var calls = Calls(Development);

        Assert.Null(await Post(calls, receiver.Url));
        Assert.Equal("{}", Assert.Single(receiver.All).Body);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(500)]
    public async Task Another_answer_is_named(int status)
    {
        await using var receiver = await LocalReceiver.Answering(status);
        using var calls = Calls(Development);

        Assert.Equal($"status-{status}", await Post(calls, receiver.Url));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var elsewhere = await LocalReceiver.Start();
        await using var receiver = await LocalReceiver.Start(context =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (status, elsewhere.Url);
            return Task.CompletedTask;
        });
        using var calls = Calls(Development);

        Assert.Equal($"status-{status}", await Post(calls, receiver.Url));
        Assert.Empty(elsewhere.All);
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_by_now_is_not_connected_to()
    {
        await using var receiver = await LocalReceiver.Start();
        var answers = new Queue<IPAddress>([IPAddress.Parse("1.1.1.1"), IPAddress.Loopback]);
        var targets = new WebhookTargets(Development with { AllowLoopback = false }, (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]));
        await targets.Addresses("crm.example.com", CancellationToken.None); // as when the address was given
        using var calls = new WebhookCalls(Development with { AllowLoopback = false }, targets);

        Assert.Equal("url-refused", await Post(calls, $"https://crm.example.com:{receiver.Port}/hooks"));
        Assert.Empty(answers);
        Assert.Empty(receiver.All);
    }

    [Fact]
    public async Task The_address_that_was_checked_is_the_one_connected_to()
    {
        await using var receiver = await LocalReceiver.Start();
        using var calls = Calls(Development, IPAddress.Loopback);

        Assert.Null(await Post(calls, $"http://crm.example.com:{receiver.Port}/hooks"));
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task Nobody_there_is_unreachable()
    {
        string url;
        await using (var receiver = await LocalReceiver.Start()) url = receiver.Url;
        using var calls = Calls(Development);

        Assert.Equal("unreachable", await Post(calls, url));
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_given_up_and_rests()
    {
        await using var receiver = await LocalReceiver.Start(context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        using var calls = Calls(Development with { Timeout = TimeSpan.FromMilliseconds(200) });
        var profile = Guid.NewGuid();

        Assert.Equal("timeout", await Post(calls, receiver.Url, profile));
        Assert.Equal("resting", await Post(calls, receiver.Url, profile));
        Assert.Equal("timeout", await Post(calls, receiver.Url));
        Assert.Equal(2, receiver.All.Count);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read()
    {
        await using var receiver = await LocalReceiver.Start(async context =>
        {
            var chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        });
        using var calls = Calls(Development);

        Assert.Null(await Post(calls, receiver.Url));
    }

    [Fact]
    public async Task Headers_without_end_are_given_up()
    {
        await using var receiver = await LocalReceiver.Start(context =>
        {
            for (var each = 0; each < 20; each++) context.Response.Headers[$"X-Long-{each}"] = new string('x', 1024);
            return Task.CompletedTask;
        });
        using var calls = Calls(Development);

        Assert.Equal("unreachable", await Post(calls, receiver.Url));
    }

    private static WebhookCalls Calls(WebhookOptions options, params IPAddress[] addresses) =>
        new(options, new WebhookTargets(options, (_, _) => Task.FromResult(addresses)));

    private static Task<string?> Post(WebhookCalls calls, string url, Guid? profile = null) => calls.Post(
        profile ?? Guid.NewGuid(), url, () => new HttpRequestMessage { Method = HttpMethod.Post, Content = new StringContent("{}") }, CancellationToken.None);
}
