using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Control;

/// <summary>`POST /simulator/instances/{i}/…`: what people and phones do to an instance.</summary>
internal static class InstanceRoutes
{
    public static Reply Do(Gateway gateway, string name, string act, JsonElement body)
    {
        if (!gateway.Instances.TryGetValue(name, out var instance)) return Reply.NoInstance(name);

        switch (act)
        {
            case "incoming":
                return Receive(gateway, instance, body);
            case "scan":
                Linking.Open(gateway, instance, instance.Attempt);
                return ControlRoutes.Done("The QR code was scanned.");
            case "drop":
                Linking.Drop(gateway, instance, TimeSpan.FromMilliseconds(body.Whole("milliseconds") ?? 1000));
                return ControlRoutes.Done("The socket dropped, and comes back by itself.");
            case "log-out":
                Linking.LogOut(gateway, instance, body.Whole("reason") ?? 401);
                return ControlRoutes.Done("The phone removed the device.");
            default:
                return Reply.NotFound($"Nothing is called \"{act}\". There are: incoming, scan, drop, log-out.");
        }
    }

    private static Reply Receive(Gateway gateway, Instance instance, JsonElement body)
    {
        if (body.Text("from") is not { Length: > 0 } from || body.Text("text") is not { } text)
            return ControlRoutes.Wrong("from and text are required.");

        var quotedId = body.Text("quotedId");
        var quoted = quotedId is null ? null : gateway.Ledger.Read().FirstOrDefault(entry => entry.KeyId == quotedId);
        if (quotedId is not null && quoted is null) return ControlRoutes.Wrong($"No message has the id {quotedId}.");

        var (fromMe, asLid) = (body.Flag("fromMe") ?? false, body.Flag("lid") ?? false);
        var message = new IncomingMessage(from, text, quoted, fromMe, asLid, body.Text("pushName"));
        var id = Incoming.Receive(gateway, instance, message);
        return Reply.Json(201, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteEndObject();
        });
    }
}
