using MassMessaging.Simulator;

namespace MassMessaging.Tests.Simulator;

public sealed class RestartSpecs
{
    [Fact]
    public async Task Linked_instances_their_webhooks_and_tokens_survive_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("simulator-");
        SimulatorOptions Keeping(SimulatorOptions options) => options with { StateFile = Path.Combine(folder.FullName, "kept", "instances.json") };
        await using var receiver = await WebhookReceiver.Start();
        await using (var gateway = await SimulatedGateway.Start(Keeping))
        {
            await gateway.Create("linked", more: $$""","token":"own","webhook":{"url":"{{receiver.Url}}","events":["CONNECTION_UPDATE"]}""");
            await gateway.Get("/instance/connect/linked");
            await gateway.Create("never-linked");
            await gateway.Create("deleted");
            await gateway.Delete("/instance/delete/deleted");
            await gateway.Host.Settled(CancellationToken.None);
        }

        await using var again = await SimulatedGateway.Start(Keeping);

        var listed = await again.Get("/instance/fetchInstances");
        Assert.Equal(
            ["linked open", "never-linked close"],
            listed.Json.EnumerateArray().Select(each => $"{each.GetProperty("name").GetString()} {each.GetProperty("connectionStatus").GetString()}"));
        Assert.Equal(200, (await again.Get("/instance/connectionState/linked", "own")).Status);
        Assert.Equal($"{receiver.Url}", (await again.Get("/webhook/find/linked")).Json.GetProperty("url").GetString());
        Assert.Equal(201, (await again.SendText(instance: "linked")).Status);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_instance_that_is_added_open_can_send_at_once()
    {
        await using var gateway = await SimulatedGateway.Start();

        gateway.Host.AddOpenInstance("demo");
        gateway.Host.AddOpenInstance("demo");

        Assert.Equal(201, (await gateway.SendText(instance: "demo")).Status);
    }
}
