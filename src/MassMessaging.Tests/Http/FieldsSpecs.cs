using MassMessaging.Http;

namespace MassMessaging.Tests.Http;

public sealed class FieldsSpecs
{
    private enum Shade
    {
        Plain,
        DarkRed,
    }

    [Fact]
    public void Null_and_missing_are_the_same_but_for_Has()
    {
        var body = Fields.Of("""{"name":null}""");

        Assert.Null(body.Text("name", 10));
        Assert.Null(body.Text("other", 10));
        Assert.True(body.Has("name"));
        Assert.False(body.Has("other"));
        Assert.False(body.AreWrong);
    }

    [Theory]
    [InlineData("""{"at":"2026-01-31T12:00:00-06:00"}""", "2026-01-31T18:00:00Z")]
    [InlineData("""{"at":"2026-01-31T18:00:00.000Z"}""", "2026-01-31T18:00:00Z")]
    public void A_time_is_taken_to_UTC(string json, string utc) =>
        Assert.Equal(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture), Fields.Of(json).Time("at"));

    [Theory]
    [InlineData("\"2026-01-31T12:00:00\"")]
    [InlineData("\"31/01/2026\"")]
    [InlineData("\"2026-02-30T12:00:00Z\"")]
    [InlineData("\"0001-01-01T00:00:00Z\"")]
    [InlineData("1767225600")]
    public void A_time_without_offset_or_sense_is_wrong(string value) => Assert.True(IsWrong(value, body => body.Time("field")));

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("11")]
    [InlineData("99999999999")]
    [InlineData("true")]
    public void A_whole_number_is_whole_and_in_range(string value) => Assert.True(IsWrong(value, body => body.Whole("field", 0, 10)));

    [Fact]
    public void Length_is_counted_in_characters_as_people_see_them()
    {
        Assert.False(IsWrong("\"🙂🙂🙂\"", body => body.Text("field", 3)));
        Assert.True(IsWrong("\"🙂🙂🙂🙂\"", body => body.Text("field", 3)));
    }

    [Fact]
    public void Words_of_a_list_are_snake_case()
    {
        Assert.Equal(Shade.DarkRed, Fields.Of("""{"shade":"dark_red"}""").OneOf<Shade>("shade"));
        Assert.True(IsWrong("\"DarkRed\"", body => body.OneOf<Shade>("field")));
    }

    [Fact]
    public void What_is_wrong_inside_an_object_is_named_with_its_path()
    {
        var body = Fields.Of("""{"consent":{"source":5}}""");
        body.Object("consent")!.Text("source", 10);

        Assert.Equal("consent.source", Assert.Single(((Problem)body.Problem()).Errors!).Key);
    }

    [Fact]
    public void One_code_alone_becomes_the_code_of_the_problem()
    {
        var body = Fields.Of("{}");
        body.Wrong("phone", "must be a phone number", "phone-invalid");
        Assert.Equal("phone-invalid", ((Problem)body.Problem()).Code);

        body.Wrong("email", "must be an e-mail address", "email-invalid");
        Assert.Equal("validation-failed", ((Problem)body.Problem()).Code);
    }

    private static bool IsWrong(string value, Action<Fields> read)
    {
        var body = Fields.Of($$"""{"field":{{value}}}""");
        read(body);
        return body.AreWrong;
    }
}
