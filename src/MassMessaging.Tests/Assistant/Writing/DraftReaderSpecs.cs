using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Assistant.Writing;

namespace MassMessaging.Tests.Assistant.Writing;

public sealed class DraftReaderSpecs
{
    [Fact]
    public void However_an_answer_is_cut_into_pieces_the_texts_are_read_whole() => Prop.ForAll<string[], PositiveInt>((texts, size) =>
    {
        string[] wanted = [.. (texts ?? []).Select(text => string.Concat((text ?? "").Where(sign => !char.IsSurrogate(sign) && sign >= ' ')))];
        var answer = JsonSerializer.Serialize(new { variations = wanted.Select(text => new { name = "text", text }) });
        var reader = new DraftReader();
        var read = wanted.Select(_ => "").ToArray();
        foreach (var piece in answer.Chunk(size.Get))
        {
            foreach (var (variation, text) in reader.Read(new string(piece))) read[variation] += text;
        }

        return wanted.SequenceEqual(read);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Hola")]
    [InlineData("{\"variations\": [{\"text\": ")]
    [InlineData("{\"text\": \"\\u00")]
    public void What_is_no_answer_shows_nothing(string answer) => Assert.Empty(new DraftReader().Read(answer));
}
