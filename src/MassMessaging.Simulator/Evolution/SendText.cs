using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>`POST /message/sendText/{i}` and its sisters: what their schemas want, before <see cref="Send"/> goes on.</summary>
internal static class SendText
{
    public static Task<Reply?> Handle(Gateway gateway, Instance instance, JsonElement body, ReceivedSend received)
    {
        var own = new Schema(body).String("number", "Invalid format").String("text").Boolean("linkPreview");
        var schema = Common(own, body).Required("number", "text");
        if (schema.Complaints.Count > 0) return Answer(Reply.Invalid(schema.Complaints));

        var text = body.Text("text")!;
        if (instance.Integration == Integration.Baileys && string.IsNullOrWhiteSpace(text))
            return Answer(Reply.BadRequest("Text is required"));

        var request = new SendRequest(body.Text("number")!, text, body.Whole("delay") ?? 0, "conversation");
        return Send.Handle(gateway, instance, request, received);
    }

    public static Task<Reply?> HandleMedia(Gateway gateway, Instance instance, JsonElement body, ReceivedSend received)
    {
        var schema = Common(
            new Schema(body).String("number", "Invalid format").OneOf("mediatype", "image", "document", "video", "audio")
                .String("mimetype").String("media").String("fileName").String("caption"),
            body).Required("number", "mediatype");
        if (schema.Complaints.Count > 0) return Answer(Reply.Invalid(schema.Complaints));

        var media = body.Text("media") ?? "";
        if (!LooksLikeMedia(media)) return Answer(Reply.BadRequest("Owned media must be a url or base64"));

        var (caption, type) = (body.Text("caption") ?? "", $"{body.Text("mediatype")}Message");
        var request = new SendRequest(body.Text("number")!, caption, body.Whole("delay") ?? 0, type);
        return Send.Handle(gateway, instance, request, received);
    }

    public static Task<Reply?> HandleTemplate(Gateway gateway, Instance instance, JsonElement body, ReceivedSend received)
    {
        if (instance.Integration == Integration.Baileys) return Answer(Reply.Crash("Method not available in the Baileys service"));

        var schema = new Schema(body).String("number", "Invalid format").String("name").String("language").String("webhookUrl")
            .Required("name", "language");
        if (schema.Complaints.Count > 0) return Answer(Reply.Invalid(schema.Complaints));

        return body.Text("number") is { } number
            ? Send.Handle(gateway, instance, new SendRequest(number, body.Text("name")!, 0, "conversation"), received)
            : Answer(Reply.BadRequest("TypeError: Cannot read properties of undefined (reading 'replace')"));
    }

    private static Task<Reply?> Answer(Reply reply) => Task.FromResult<Reply?>(reply);

    private static Schema Common(Schema schema, JsonElement body)
    {
        schema.Integer("delay", "Enter a value in milliseconds");
        // Only if it is there: the closures would be the most expensive part of an ordinary send.
        if (body.Object("quoted") is not null)
            schema.Object("quoted", quoted => quoted.Object("key", CheckKey).Object("message"));
        return schema.Boolean("mentionsEveryOne").Boolean("everyOne")
            .Texts("mentioned", notEmpty: true, said: "\"mentioned\" must be an array of numeric strings");
    }

    private static void CheckKey(Schema key) => key.String("id").String("remoteJid").Boolean("fromMe").Required("id");

    /// <summary>The real check wants a top-level domain: a url on localhost is "neither".</summary>
    private static bool LooksLikeMedia(string media) =>
        Uri.TryCreate(media, UriKind.Absolute, out var url) && url.Scheme.StartsWith("http", StringComparison.Ordinal)
            ? url.Host.Contains('.', StringComparison.Ordinal)
            : media.Length > 0 && Convert.TryFromBase64String(media, new byte[media.Length], out _);
}
