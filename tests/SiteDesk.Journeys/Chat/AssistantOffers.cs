using SiteDesk.Tickets;

namespace SiteDesk.Journeys.Chat;

/// <summary>What the assistant says in the journeys, in the language of who reads.</summary>
internal sealed record AssistantOffers(string Language)
{
    public string Name => this["Nora", "Нора", "小诺"];

    public string Question => this["I want to give the lamp back", "Хочу вернуть лампу", "我想退台灯"];

    public string Which => this["I have found two things. Which one do you mean?", "Нашлось два ответа. Что из этого вам нужно?", "找到两种情况，您是指哪一种？"];

    public string First => this["Return an order", "Вернуть заказ", "申请退货"];

    public string Second => this["Exchange an item for another size or colour", "Обменять товар на другой размер или цвет", "更换尺寸或颜色"];

    public string Asked => this["Which order is it?", "Какой это заказ?", "请问是哪个订单？"];

    public string Problem => this["An order number has six digits.", "В номере заказа шесть цифр.", "订单号为六位数字。"];

    public string Handed => this["I have asked a colleague to read on.", "Передаю разговор сотруднику.", "已为您转接人工客服。"];

    public MessageOffer Choices => new()
    {
        Sources = [
            new(this["Returns and refunds", "Возврат и деньги", "退货与退款"], "/help/nordlight/returns"),
            new(this["换货说明", "Exchanges", "Обмен товара"], "/help/nordlight/exchanges", this["zh-Hans", "en", "ru"]),
        ],
        Choices = [new("intent:return", First), new("intent:exchange", Second), new("none", this["Something else", "Другое", "其他问题"])],
    };

    public MessageOffer Form(string? order = null) => new()
    {
        Form = new OfferedForm(
            "order",
            [
                new("order", this["Order number", "Номер заказа", "订单号"], "order", true, order, order is null ? null : Problem),
                new("email", this["Your e-mail", "Ваша почта", "您的邮箱"], "email", true),
                new("words", this["Anything else we should know", "Что ещё важно", "其他说明"], "long", false),
            ],
            this["Look it up", "Найти заказ", "查询"], this["Go back", "Назад", "返回"]),
    };

    private string this[string english, string russian, string chinese] => Language switch { "ru" => russian, "zh-Hans" => chinese, _ => english };
}
