using MassMessaging.Assistant.Writing;

namespace MassMessaging.Tests.Assistant.Writing;

public sealed class DraftShapeSpecs
{
    [Theory]
    [InlineData("""{"variations":[{"text":" Hola "},{"text":"Chau"}]}""")]
    [InlineData("```json\n{\"variations\":[{\"text\":\"Hola\"},{\"text\":\"Chau\",\"more\":1}]}\n```")]
    public void Texts_are_read(string answer) => Assert.Equal(["Hola", "Chau"], DraftShape.Messages.Read(answer).Drafts.Select(draft => draft.Text));

    [Theory]
    [InlineData("", "not-json")]
    [InlineData("Hola", "not-json")]
    [InlineData("""{"variations":[{"text":"Hola"}""", "not-json")]
    [InlineData("null", "wrong-shape")]
    [InlineData("[]", "wrong-shape")]
    [InlineData("""{"variations":[]}""", "wrong-shape")]
    [InlineData("""{"variations":["Hola"]}""", "wrong-shape")]
    [InlineData("""{"variations":[{"text":7}]}""", "wrong-shape")]
    [InlineData("""{"variations":[{"text":"Hola"},{}]}""", "wrong-shape")]
    [InlineData("""{"variations":{"text":"Hola"}}""", "wrong-shape")]
    public void Another_shape_is_named(string answer, string code)
    {
        var (drafts, problem) = DraftShape.Messages.Read(answer);

        Assert.Equal((0, code), (drafts.Count, problem?.Code));
    }

    [Fact]
    public void A_templates_sources_are_numbers_of_examples()
    {
        var draft = DraftShape.Templates.Read(
            """{"templates":[{"name":"Uno","objective":"ventas","text":"Hola","basedOn":[2,2,-1,"x",99]}]}""").Drafts[0];

        Assert.Equal(("Uno", "ventas"), (draft.Name, draft.Objective));
        Assert.Equal([2, 99], draft.BasedOn);
    }
}
