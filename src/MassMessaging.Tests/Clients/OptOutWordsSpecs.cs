using MassMessaging.Clients;

namespace MassMessaging.Tests.Clients;

public sealed class OptOutWordsSpecs
{
    [Theory]
    [InlineData("BAJA")]
    [InlineData("baja.")]
    [InlineData("  Bájá  ")]
    [InlineData("ALTO!!!")]
    [InlineData("Stop")]
    [InlineData("stop stop stop")]
    [InlineData("🛑 STOP 🛑")]
    [InlineData("ＳＴＯＰ")]
    [InlineData("Cancelar")]
    [InlineData("¡Salir!")]
    [InlineData("parar")]
    [InlineData("SAIR")]
    [InlineData("Sair, por favor")]
    [InlineData("Hola, quiero darme de baja, gracias")]
    [InlineData("por favor no me escriban más")]
    [InlineData("No más mensajes por favor, muchas gracias")]
    [InlineData("Não quero mais receber mensagens, obrigada")]
    [InlineData("Don't text me")]
    [InlineData("don’t message me please")]
    [InlineData("Please unsubscribe me. Thanks!")]
    [InlineData("baja ya")]
    [InlineData("Ya no quiero recibir mensajes")]
    public void A_word_or_short_phrase_opts_out(string text) => Assert.True(OptOutWords.Ask(text));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("🙏")]
    [InlineData("gracias")]
    [InlineData("hola")]
    [InlineData("Soy alto")]
    [InlineData("no quiero parar, me encanta")]
    [InlineData("¿Cómo hago para salir a correr con ustedes?")]
    [InlineData("La presión está baja hoy")]
    [InlineData("me quiero dar de alta")]
    [InlineData("voy a cancelar la cita del martes y la paso al jueves")]
    [InlineData("no quiero que cancelen mi pedido")]
    [InlineData("don't stop")]
    [InlineData("nonstop")]
    [InlineData("Quero sair com minha família no domingo")]
    [InlineData("the bus stop is near")]
    [InlineData("stop by tomorrow")]
    [InlineData("cancelar cita")]
    [InlineData("baja 5 kilos en un mes")]
    public void Anything_longer_is_for_a_person_to_read(string text) => Assert.False(OptOutWords.Ask(text));

    [Fact]
    public void A_long_text_is_never_one() => Assert.False(OptOutWords.Ask(string.Concat(Enumerable.Repeat("stop ", 100))));
}
