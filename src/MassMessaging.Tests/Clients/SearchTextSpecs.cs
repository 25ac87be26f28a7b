using MassMessaging.Clients;

namespace MassMessaging.Tests.Clients;

public sealed class SearchTextSpecs
{
    [Theory]
    [InlineData("Núria  Sánchez\tJiménez ", "nuria sanchez jimenez")]
    [InlineData("JOÃO Ibáñez Ça", "joao ibanez ca")]
    [InlineData("Straße Søren Łukasz", "strasse soren lukasz")]
    [InlineData("Lupita 🌸 Ríos\nsegunda", "lupita 🌸 rios segunda")]
    public void Names_are_folded_to_lower_case_without_accents(string name, string folded) => Assert.Equal(folded, SearchText.Fold(name));

    [Fact]
    public void What_like_takes_for_a_wildcard_is_taken_literally() => Assert.Equal("%50\\%\\_\\\\%", SearchText.Anywhere("50%_\\"));

    [Theory]
    [InlineData("(81) 3301", "813301")]
    [InlineData("+52 1 81 83", "5218183 528183")]
    [InlineData("00 52 81", "5281")]
    [InlineData("044 81 83", "0448183 8183")]
    [InlineData("81 8338 0141", "8183380141 528183380141")]
    [InlineData("+54 351", "54351 549351")]
    [InlineData("ana 55", "")]
    [InlineData("55", "")]
    public void A_phone_is_searched_in_any_spelling(string written, string parts) =>
        Assert.Equal(parts.Split(' ', StringSplitOptions.RemoveEmptyEntries), ClientSearch.PhoneParts(written, "MX"));
}
