using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Clients;

namespace MassMessaging.Tests.Clients.Phones;

public sealed class PhoneNumberSpecs
{
    [Theory]
    [InlineData("+52 998 1590830", "+529981590830")]
    [InlineData("+52-81-23667127", "+528123667127")]
    [InlineData("00524441471049", "+524441471049")]
    [InlineData("(+52) 55.5131.3730", "+525551313730")]
    [InlineData("+1 212 828 3312", "+12128283312")]
    [InlineData("+44 (0)20 7946 0958", "+442079460958")]
    [InlineData("\u202a+52 55 1234 5678\u202c", "+525512345678")]
    public void An_international_number_is_kept_as_plus_and_digits(string written, string e164) => Parsed(written, "MX").ShouldBe(e164);

    [Theory]
    [InlineData("+52 1 33 9022 2791", "+523390222791")]
    [InlineData("5218183380141", "+528183380141")]
    [InlineData("0052 1 33 9022 2791", "+523390222791")]
    [InlineData("045 33 9022 2791", "+523390222791")]
    [InlineData("01 (33) 9022 2791", "+523390222791")]
    public void Mexico_drops_the_1_after_52_and_the_old_prefixes(string written, string e164) => Parsed(written, "MX").ShouldBe(e164);

    [Theory]
    [InlineData("+54 351 4504000", "+5493514504000")]
    [InlineData("+54 9 351 450-4000", "+5493514504000")]
    [InlineData("+54 351 15 450 4000", "+5493514504000")]
    [InlineData("+54 9 351 15 450 4000", "+5493514504000")]
    [InlineData("0351 15 4504000", "+5493514504000")]
    [InlineData("011 15 3230 9040", "+5491132309040")]
    [InlineData("11 3230 9040", "+5491132309040")]
    [InlineData("02202 15 412345", "+5492202412345")]
    [InlineData("03541 15 412345", "+5493541412345")]
    [InlineData("5491169603082", "+5491169603082")]
    public void Argentina_always_has_the_9_and_never_the_15(string written, string e164) => Parsed(written, "AR").ShouldBe(e164);

    [Theory]
    [InlineData("+55 (71) 69378657", "+5571969378657")]
    [InlineData("+55 71 2937 8657", "+557129378657")]
    [InlineData("+55 71 5937 8657", "+557159378657")]
    [InlineData("+55 41 97492-0868", "+5541974920868")]
    [InlineData("0 41 97492-0868", "+5541974920868")]
    public void Brazilian_mobiles_get_the_ninth_digit_and_landlines_stay(string written, string e164) =>
        Parsed(written, "BR").ShouldBe(e164);

    [Theory]
    [InlineData("5491169603082", "+5491169603082")]
    [InlineData("5511992247045", "+5511992247045")]
    [InlineData("5541979466430", "+5541979466430")]
    [InlineData("525587801759", "+525587801759")]
    [InlineData("5218183380141", "+528183380141")]
    [InlineData("12128283312", "+12128283312")]
    [InlineData("34612345678", "+34612345678")]
    [InlineData("573206661760", "+573206661760")]
    public void A_bare_number_that_starts_with_a_calling_code_and_fits_it_is_international(string written, string e164) =>
        Parsed(written, "MX").ShouldBe(e164);

    [Theory]
    [InlineData("5559013962", "MX", "+525559013962")]
    [InlineData("3319128452", "MX", "+523319128452")]
    [InlineData("6565418764", "MX", "+526565418764")]
    [InlineData("(55) 551-31373", "MX", "+525555131373")]
    [InlineData("612 345 678", "ES", "+34612345678")]
    [InlineData("2128283312", "US", "+12128283312")]
    [InlineData("809 555 1234", "DO", "+18095551234")]
    [InlineData("55 99345-6789", "BR", "+5555993456789")]
    [InlineData("9 6388 8539", "CL", "+56963888539")]
    [InlineData("912 345 678", "PT", "+351912345678")]
    public void Any_other_bare_number_is_national_in_the_profiles_country(string written, string country, string e164) =>
        Parsed(written, country).ShouldBe(e164);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("+")]
    [InlineData("00")]
    [InlineData("+52")]
    [InlineData("1e10")]
    [InlineData("++5255")]
    [InlineData("++525512345678")]
    [InlineData("52+5512345678")]
    [InlineData("12345")]
    [InlineData("55 1234")]
    [InlineData("cinco cinco")]
    [InlineData("5512345678 ext. 12")]
    [InlineData("5512345678x12")]
    [InlineData("5512345678#12")]
    [InlineData("+52 55 1234 56789012")]
    [InlineData("+52 551234567")]
    [InlineData("+52 1 551234567")]
    [InlineData("+210 123456789")]
    [InlineData("+999 123456789")]
    [InlineData("+00 525512345678")]
    [InlineData("+54 51 4504000")]
    [InlineData("+55 71 1937 8657")]
    [InlineData("+55 71 89378 6571")]
    [InlineData("٥٥١٢٣٤٥٦٧٨")]
    public void Letters_extensions_wrong_lengths_and_unknown_calling_codes_are_invalid(string written) =>
        Assert.False(PhoneNumber.TryParse(written, "MX", out _), written);

    [Theory]
    [InlineData("+525512345678", "MX")]
    [InlineData("+12128283312", "US")]
    [InlineData("+14165551234", "CA")]
    [InlineData("+18095551234", "DO")]
    [InlineData("+17875551234", "PR")]
    [InlineData("+5511992247045", "BR")]
    [InlineData("+77011234567", "KZ")]
    [InlineData("+79161234567", "RU")]
    [InlineData("+870123456789", null)]
    [InlineData("+210123456", null)]
    public void The_country_is_told_by_the_calling_code_and_by_the_area_where_countries_share_one(string e164, string? country) =>
        Assert.Equal(country, PhoneNumber.CountryOf(e164));

    [Theory]
    [InlineData("+525512345678", "525512345678 5215512345678")]
    [InlineData("+5493514504000", "5493514504000 543514504000")]
    [InlineData("+5571969378657", "5571969378657 557169378657")]
    [InlineData("+5571929378657", "5571929378657")]
    [InlineData("+557129378657", "557129378657")]
    [InlineData("+34612345678", "34612345678")]
    public void The_spellings_are_those_that_WhatsApp_may_use(string e164, string spellings) =>
        Assert.Equal(spellings.Split(' '), PhoneNumber.Spellings(e164));

    [Fact]
    public void No_calling_code_is_the_start_of_another() =>
        Assert.DoesNotContain(
            NumberingPlan.All,
            plan => NumberingPlan.All.Any(other => other != plan && other.Code.StartsWith(plan.Code, StringComparison.Ordinal)));

    [Fact]
    public void The_canonical_form_is_a_fixed_point_and_every_spelling_parses_to_it() => Prop.ForAll(Written(), written =>
    {
        foreach (var country in (string[])["MX", "AR", "BR", "US", "ES", "xx"])
        {
            if (!PhoneNumber.TryParse(written, country, out var e164)) continue;

            Assert.Matches(@"^\+[1-9][0-9]{6,14}$", e164);
            Assert.Equal(e164, Parsed(e164, "MX"));
            Assert.All(PhoneNumber.Spellings(e164), digits => Assert.Equal(e164, Parsed("+" + digits, country)));
            Assert.All(PhoneNumber.Spellings(e164), digits => Assert.Equal(e164, Parsed("00" + digits, country)));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    private static Arbitrary<string> Written()
    {
        var start = Gen.Elements("+", "", "00", "+52", "52", "+521", "+54", "549", "+55", "55", "0", "+1", "(+34) ", "044 ");
        var rest = Gen.Choose(6, 13)
            .SelectMany(length => Gen.Elements("0123456789".ToCharArray()).ArrayOf(length))
            .Select(digits => new string(digits));
        return start.SelectMany(prefix => rest, (prefix, digits) => prefix + digits).ToArbitrary();
    }

    private static string Parsed(string written, string country) => PhoneNumber.TryParse(written, country, out var e164) ? e164 : "invalid";
}

file static class Answer
{
    public static void ShouldBe(this string actual, string expected) => Assert.Equal(expected, actual);
}
