using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Assistant;
using MassMessaging.Assistant.Memory;

namespace MassMessaging.Tests.Assistant.Memory;

public sealed class EditDistanceSpecs
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("hola", "hola", 0)]
    [InlineData("hola", "", 4)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("Hola Ana", "Hola, Ana", 1)]
    public void Characters_put_in_taken_out_or_replaced(string before, string after, int distance) =>
        Assert.Equal(distance, EditDistance.Between(before, after));

    [Fact]
    public void It_is_the_same_both_ways_and_never_more_than_the_longer_text() => Prop.ForAll<NonNull<string>, NonNull<string>>((one, other) =>
    {
        var distance = EditDistance.Between(one.Get, other.Get);
        return distance == EditDistance.Between(other.Get, one.Get) && distance <= Math.Max(one.Get.Length, other.Get.Length)
            && distance == 0 == (one.Get == other.Get);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("Seguimiento mensual", "seguimiento MENSUAL", 1)]
    [InlineData("cumpleaños", "Cumpleanos", 1)]
    [InlineData("seguimiento", "ventas", 0)]
    [InlineData("seguimiento mensual", "seguimiento anual", 0.3333)]
    [InlineData("10", "20", 0)]
    public void Objectives_are_alike_by_their_words(string one, string other, double likeness) =>
        Assert.Equal(likeness, OwnTexts.Likeness(one, other), 4);

    [Fact]
    public void A_good_rate_of_few_says_less_than_a_fair_one_of_many() =>
        Assert.True(PastResults.AtLeast(0.6, 500) > PastResults.AtLeast(1, 2));
}
